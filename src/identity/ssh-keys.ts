import { createHash } from 'node:crypto'
import { wireString } from './ssh-wire.ts'

/** The key types that are made for a server, the slowest first. */
export const HOST_KEY_TYPES: readonly string[] = ['rsa', 'ecdsa', 'ed25519']

/** "SHA256:…" of a public key in OpenSSH's one-line form, as `ssh-keygen -l` prints it; undefined if it is none. */
export function fingerprintOf(publicKey: string): string | undefined {
  const [, type = '', base64 = ''] = /^\s*([a-z0-9@.-]+)\s+([A-Za-z0-9+/]+={0,2})/.exec(publicKey) ?? []
  const blob = Buffer.from(base64, 'base64')
  const begins = wireString(type)
  if (!blob.subarray(0, begins.length).equals(begins)) return undefined
  const digest = createHash('sha256').update(blob).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}
