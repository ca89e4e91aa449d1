import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
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
export function makeHostKey(type: string, { comment, signal }: KeyOptions): Promise<HostKeyPair> {
  return inScratch(type, signal, async (file, keygen) => {
    await keygen('-t', type, '-C', comment)
    const [privateKey, publicKey] = await Promise.all([bytesOf(file), bytesOf(`${file}.pub`)])
    const fingerprint = fingerprintOf(toByteText(publicKey))
    if (fingerprint === undefined) throw new Error('its public key is not in the form of OpenSSH')
    return { type, privateKey, publicKey, fingerprint }
  })
}

/**
 * The same pair with its private half as PEM, which a server older than OpenSSH 6.5 needs; ed25519 has no such form and stays.
 * Throws TOOL_MISSING, KEYGEN_FAILED, INTERRUPTED.
 */
export function asPem(pair: HostKeyPair, signal?: AbortSignal): Promise<HostKeyPair> {
  if (pair.type === 'ed25519') return Promise.resolve(pair)
  return inScratch(pair.type, signal, async (file, keygen) => {
    await writeFile(file, pair.privateKey, { mode: 0o600 })
    await keygen('-p', '-m', 'PEM', '-P', '')
    return { ...pair, privateKey: await bytesOf(file) }
  })
}

/** Runs ssh-keygen, without a passphrase, on a file in a directory (0700) that is removed. */
async function inScratch(
  type: string,
  signal: AbortSignal | undefined,
  work: (file: string, keygen: (...args: readonly string[]) => Promise<unknown>) => Promise<HostKeyPair>,
): Promise<HostKeyPair> {
  const directory = await mkdtemp(join(tmpdir(), 'vmclone-fix-key-'))
  try {
    const file = join(directory, 'key')
    const cancel = signal === undefined ? {} : { cancelSignal: signal }
    return await work(file, (...args) =>
      execa('ssh-keygen', ['-q', '-N', '', ...args, '-f', file], { stdin: 'ignore', ...cancel }),
    )
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
