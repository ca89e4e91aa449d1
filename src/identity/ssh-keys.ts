import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { VmcloneError } from '../errors/index.ts'
import { toByteText } from '../formats/bytes.ts'
import type { HostKeyPair } from './identity.ts'

/** The key types that a modern ssh-keygen makes for a server. */
export const HOST_KEY_TYPES: readonly string[] = ['rsa', 'ecdsa', 'ed25519']

interface KeyOptions {
  /** "root@node1"; stands in both halves of the pair. */
  readonly comment: string
  readonly signal?: AbortSignal
}

/**
 * Makes one OpenSSH key pair with this host's ssh-keygen, in a directory of its own (0700) that is removed.
 * Throws TOOL_MISSING, KEYGEN_FAILED, INTERRUPTED.
 */
export async function makeHostKey(type: string, { comment, signal }: KeyOptions): Promise<HostKeyPair> {
  const directory = await mkdtemp(join(tmpdir(), 'vmclone-fix-key-'))
  try {
    const file = join(directory, 'key')
    const args = ['-q', '-N', '', '-t', type, '-C', comment, '-f', file]
    await execa('ssh-keygen', args, {
      stdin: 'ignore',
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    })
    const [privateKey, publicKey] = await Promise.all([bytesOf(file), bytesOf(`${file}.pub`)])
    const fingerprint = fingerprintOf(toByteText(publicKey))
    if (fingerprint === undefined) throw new Error('its public key is not in the form of OpenSSH')
    return { type, privateKey, publicKey, fingerprint }
  } catch (thrown) {
    throw keyError(thrown, type, signal)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** "SHA256:…" of a public key in OpenSSH's one-line form, as `ssh-keygen -l` prints it; undefined if it is none. */
export function fingerprintOf(publicKey: string): string | undefined {
  const blob = /^\s*[a-z0-9@.-]+\s+([A-Za-z0-9+/]+={0,2})/.exec(publicKey)?.[1]
  if (blob === undefined) return undefined
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}

async function bytesOf(file: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(file))
}

function keyError(thrown: unknown, type: string, signal: AbortSignal | undefined): VmcloneError {
  const cause = thrown
  if (signal?.aborted)
    return new VmcloneError('INTERRUPTED', 'the making of SSH host keys was interrupted', { cause })
  const { code, stderr } = Object(thrown) as { readonly code?: unknown; readonly stderr?: unknown }
  if (code === 'ENOENT') {
    return new VmcloneError('TOOL_MISSING', 'ssh-keygen is not installed on this host', {
      cause,
      hint: 'Install it (Debian, Ubuntu: `apt install openssh-client`; Fedora, RHEL: `dnf install openssh`), or use --ssh-keys keep.',
    })
  }
  const said = typeof stderr === 'string' && stderr !== '' ? `: ${stderr.trim()}` : ''
  return new VmcloneError('KEYGEN_FAILED', `ssh-keygen could not make a key of type ${type}${said}`, {
    cause,
  })
}
