import { toByteText } from '../formats/bytes.ts'
import { matchesGlob } from '../guest/glob.ts'
import type { GuestNode, GuestRead, GuestTree } from '../guest/tree.ts'

/** One host key that the guest's sshd has, with the files that are there. */
export interface GuestHostKey {
  /** "rsa", "ecdsa", "ed25519", "dsa", "rsa1" (SSH protocol 1); undefined if neither name nor content tells. */
  readonly type: string | undefined
  readonly privateFile: GuestNode
  readonly publicFile?: GuestNode
  readonly certificate?: GuestNode
}

const KEY_FILES = ['/etc/ssh/ssh_host_*', '/etc/ssh/*key*', '/etc/ssh/*/*key*']
const CONFIGS = ['/etc/ssh/sshd_config', '/etc/ssh/sshd_config.d/*.conf']
const SERVER = '/usr/sbin/sshd'
/** Debian's family, whose guests make no missing host keys at boot. */
const DPKG = '/var/lib/dpkg/status'

/** What must be read to know them. */
export const HOST_KEY_READS: readonly GuestRead[] = [
  ...CONFIGS,
  ...KEY_FILES,
  ...[SERVER, DPKG].map((path) => ({ path, attributes: true as const })),
]

const PROTOCOL_1 = 'SSH PRIVATE KEY FILE FORMAT 1.1\n'
const WORDS: Readonly<Record<string, string>> = {
  'ssh-rsa': 'rsa',
  'ssh-dss': 'dsa',
  'ssh-ed25519': 'ed25519',
}

const MADE: readonly string[] = ['rsa', 'ecdsa', 'ed25519']

/** The guest's SSH host keys: those at the usual place, and those that sshd's configuration names. Sorted by path. */
export function hostKeysOf(tree: GuestTree): readonly GuestHostKey[] {
  return tree.recall(readHostKeys)
}

function readHostKeys(tree: GuestTree): GuestHostKey[] {
  const paths = new Set(tree.glob('/etc/ssh/ssh_host_*_key').map((node) => node.path))
  for (const path of ['/etc/ssh/ssh_host_key', ...tree.recall(configuredKeys)]) paths.add(path)
  const keys = new Map<string, GuestHostKey>()
  for (const path of paths) {
    const privateFile = tree.file(path)
    if (privateFile === undefined) continue
    const publicFile = tree.file(`${path}.pub`)
    const certificate = tree.file(`${path}-cert.pub`)
    keys.set(privateFile.path, {
      type: typeOf(path, privateFile, publicFile),
      privateFile,
      ...(publicFile === undefined ? {} : { publicFile }),
      ...(certificate === undefined ? {} : { certificate }),
    })
  }
  return [...keys.values()].sort((a, b) => (a.privateFile.path < b.privateFile.path ? -1 : 1))
}

/** Key types for which pairs must be made: what the guest has, or lacks, and a modern ssh-keygen can make. */
export function hostKeyTypes(tree: GuestTree): string[] {
  const types = lacksHostKeys(tree) ? [...MADE] : hostKeysOf(tree).map((key) => key.type)
  return MADE.filter((type) => types.includes(type))
}

/** Key types whose private key the guest has as PEM: the only form that OpenSSH before 6.5 reads. */
export function pemTypes(tree: GuestTree): string[] {
  const pem = hostKeysOf(tree).filter(
    ({ privateFile: { content } }) =>
      content !== undefined && /-----BEGIN (?:RSA|EC) PRIVATE KEY-----/.test(toByteText(content)),
  )
  return MADE.filter((type) => pem.some((key) => key.type === type))
}

/** True if the guest has an SSH server that would not start, for it has no host keys and makes none by itself. */
export function lacksHostKeys(tree: GuestTree): boolean {
  return (
    tree.exists(SERVER) &&
    tree.exists(DPKG) &&
    hostKeysOf(tree).length === 0 &&
    tree.recall(configuredKeys).length === 0
  )
}

/** Host keys that sshd's configuration names at places that are not read. */
export function hostKeysElsewhere(tree: GuestTree): readonly string[] {
  return tree.recall(readKeysElsewhere)
}

function readKeysElsewhere(tree: GuestTree): string[] {
  return tree.recall(configuredKeys).filter((path) => !KEY_FILES.some((read) => matchesGlob(path, read)))
}

/** Absolute paths after HostKey in sshd's configuration (sshd_config(5)). */
function configuredKeys(tree: GuestTree): string[] {
  return CONFIGS.flatMap((pattern) => tree.glob(pattern)).flatMap((node) =>
    (tree.text(node.path) ?? '').split(/\r?\n/).flatMap((line) => {
      const match = /^\s*hostkey(?:\s+|\s*=\s*)(?:"([ -~]+?)"|([!-~]+))/i.exec(line)
      const path = match?.[1] ?? match?.[2]
      return path?.startsWith('/') ? [path] : []
    }),
  )
}

function typeOf(path: string, privateFile: GuestNode, publicFile: GuestNode | undefined): string | undefined {
  if (privateFile.content && toByteText(privateFile.content).startsWith(PROTOCOL_1)) return 'rsa1'
  const word = publicFile?.content && /^\S+/.exec(toByteText(publicFile.content))?.[0]
  const told = word && (WORDS[word] ?? (word.startsWith('ecdsa-sha2-') ? 'ecdsa' : undefined))
  const name = /(?:^|[/_])(rsa|dsa|ecdsa|ed25519)(?=_|$)/.exec(path)?.[1]
  return told ?? name ?? typeOfPrivate(privateFile)
}

function typeOfPrivate({ content }: GuestNode): string | undefined {
  const text = content === undefined ? '' : toByteText(content)
  const pem = /-----BEGIN (RSA|DSA|EC) PRIVATE KEY-----/.exec(text)?.[1]
  if (pem !== undefined) return pem === 'EC' ? 'ecdsa' : pem.toLowerCase()
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)/.exec(text)?.[1]
  const blob = Buffer.from(body ?? '', 'base64').toString('latin1')
  return /ssh-(?:rsa|ed25519)|ecdsa(?=-sha2-)/.exec(blob)?.[0].replace('ssh-', '')
}
