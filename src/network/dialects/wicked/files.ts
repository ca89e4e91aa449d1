import { VmcloneError } from '../../../errors/index.ts'
import { parseShell, type ShellDocument } from '../../../formats/shell-assignments.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import { isCopy } from '../ifcfg/files.ts'

export const DIRECTORY = '/etc/sysconfig/network'
export const CONFIG: string = `${DIRECTORY}/config`
/** Routes of all interfaces. */
export const ROUTES: string = `${DIRECTORY}/routes`

/** Bytes in one file; a real one has a few hundred. */
const LIMIT = 64 * 1024

/** One ifcfg file, links resolved. */
export interface WickedFile {
  /** What stands behind "ifcfg-": the interface's name, or "eth-id-" with its MAC up to SLES 10. */
  readonly suffix: string
  readonly path: string
  readonly document: ShellDocument
}

/** Every ifcfg file but the loopback's and those that wicked or an editor means for copies. Throws NETWORK_UNSUPPORTED. */
export function collectFiles(tree: GuestTree): readonly WickedFile[] {
  return tree.recall(readFiles)
}

function readFiles(tree: GuestTree): WickedFile[] {
  return tree.glob(`${DIRECTORY}/ifcfg-*`).flatMap(({ path }) => {
    const suffix = path.slice(`${DIRECTORY}/ifcfg-`.length)
    const node = tree.file(path)
    if (!node || suffix === 'lo' || suffix === 'template' || isCopy(suffix) || suffix.endsWith('.scpmbackup'))
      return []
    const text = tree.text(path)
    if (text === undefined || text.length > LIMIT)
      throw new VmcloneError('NETWORK_UNSUPPORTED', `${path} is larger than ${LIMIT} bytes`)
    return [{ suffix, path: node.path, document: parseShell(text, node.path) }]
  })
}

/** The interface that a file configures; undefined where its MAC or bus tells. */
export function deviceOf({ suffix }: WickedFile): string | undefined {
  return /-(id|bus)-/.test(suffix) ? undefined : suffix
}

/** The MAC that a file of SLES 10 is named after. */
export function macInName({ suffix }: WickedFile): string | undefined {
  return /-id-([0-9a-f]{2}(?::[0-9a-f]{2}){5})$/i.exec(suffix)?.[1]?.toLowerCase()
}

/** Where the routes of one interface stand. */
export function routesFile({ suffix }: WickedFile): string {
  return `${DIRECTORY}/ifroute-${suffix}`
}

export function configDocument(tree: GuestTree): ShellDocument {
  return parseShell((tree.text(CONFIG) ?? '').slice(0, LIMIT * 4), CONFIG)
}
