import { VmcloneError } from '../../../errors/index.ts'
import { parseShell, type ShellDocument, shellValue } from '../../../formats/shell-assignments.ts'
import type { GuestTree } from '../../../guest/tree.ts'

export const SCRIPTS = '/etc/sysconfig/network-scripts'
export const GLOBAL = '/etc/sysconfig/network'

/** Bytes in one file; a real one has a few hundred. */
const LIMIT = 64 * 1024

/** Which program reads the file at boot; they differ in what they pass over and in how they read. */
export type Reader = 'scripts' | 'NetworkManager'

/** One ifcfg file, links resolved. */
export interface IfcfgFile {
  /** What stands behind "ifcfg-". */
  readonly suffix: string
  readonly path: string
  readonly document: ShellDocument
  readonly kind: 'profile' | 'alias' | 'copy'
}

/** Editors' and packagers' leftovers, whether a reader passes over them or not. */
const COPY =
  /(~|\.(bak|backup|old|orig|org|rej|rpm(new|orig|save)|aug(new|tmp)|save|saved?|copy|swp|tmp|dpkg-\w+|vmclone\S*|\d{6,}|disabled)|;[0-9a-fA-F]{8})$/i

const PASSED_OVER: Readonly<Record<Reader, RegExp>> = {
  scripts: /(~|\.(bak|old|orig|rpmnew|rpmorig|rpmsave))$|[^A-Za-z0-9#._-]/,
  NetworkManager: /(~|\.(bak|orig|rej|rpmnew|augnew|augtmp))$|;[0-9a-fA-F]{8}$/,
}

/** True for what editors and packagers leave beside a file of this name's end. */
export function isCopy(suffix: string): boolean {
  return COPY.test(suffix)
}

/** True if the reader takes a file of this name for configuration. */
export function isRead(suffix: string, reader: Reader): boolean {
  return !PASSED_OVER[reader].test(suffix)
}

/** Every ifcfg file but the loopback's. Throws NETWORK_UNSUPPORTED for files too large to be such. */
export function collectFiles(tree: GuestTree): readonly IfcfgFile[] {
  return tree.recall(readFiles)
}

function readFiles(tree: GuestTree): IfcfgFile[] {
  return tree.glob(`${SCRIPTS}/ifcfg-*`).flatMap(({ path }) => {
    const suffix = path.slice(SCRIPTS.length + '/ifcfg-'.length)
    const node = tree.file(path)
    if (!node || suffix === 'lo') return []
    const kind = isCopy(suffix) ? 'copy' : /:|-range\d*(-\d+)?$/.test(suffix) ? 'alias' : 'profile'
    const text = tree.text(path)
    if (kind === 'profile' && (text === undefined || text.length > LIMIT))
      throw new VmcloneError('NETWORK_UNSUPPORTED', `${path} is larger than ${LIMIT} bytes`)
    return [{ suffix, path: node.path, document: parseShell((text ?? '').slice(0, LIMIT), node.path), kind }]
  })
}

/** /etc/sysconfig/network, which holds what all interfaces share. */
export function globalDocument(tree: GuestTree): ShellDocument {
  return parseShell((tree.text(GLOBAL) ?? '').slice(0, LIMIT), GLOBAL)
}

/** A value that is there and not empty. */
export function ifcfgValue({ document }: { document: ShellDocument }, key: string): string | undefined {
  return shellValue(document, key) || undefined
}

/** True for what the network scripts and NetworkManager take for yes. */
export function isYes(value: string | undefined): boolean {
  return value !== undefined && /^(yes|true|t|y|1|on)$/i.test(value)
}

export function isNo(value: string | undefined): boolean {
  return value !== undefined && /^(no|false|f|n|0|off)$/i.test(value)
}
