import { createHash } from 'node:crypto'

/** The key types that are made for a server, the slowest first. */
export const HOST_KEY_TYPES: readonly string[] = ['rsa', 'ecdsa', 'ed25519']

/** "SHA256:…" of a public key in OpenSSH's one-line form, as `ssh-keygen -l` prints it; undefined if it is none. */
export function fingerprintOf(publicKey: string): string | undefined {
  const blob = /^\s*[a-z0-9@.-]+\s+([A-Za-z0-9+/]+={0,2})/.exec(publicKey)?.[1]
  if (blob === undefined) return undefined
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}
