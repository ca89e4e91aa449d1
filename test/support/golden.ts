import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type GuestNode, GuestTree } from '../../src/guest/tree.ts'
import type { HostsEntry } from '../../src/identity/request.ts'
import type { NicAddressing } from '../../src/network/model.ts'

interface Attributes {
  /** Octal, as ls and chmod write it. */
  readonly mode?: string
  readonly uid?: number
  readonly gid?: number
}

/** guest.json: what git cannot hold of a golden guest, and what is asked of it. */
export interface GoldenGuest {
  readonly description: string
  /** Where they differ from 0644 root:root (directories: 0755). Paths that are also new stand here as well. */
  readonly attributes: Readonly<Record<string, Attributes>>
  readonly links: Readonly<Record<string, string>>
  /** Links that are there afterwards only. */
  readonly made?: Readonly<Record<string, string>>
  /** Directories that hold nothing here. */
  readonly directories: readonly string[]
  /** Operations besides the usual ones. */
  readonly enable?: readonly string[]
  readonly identity: {
    readonly hostname?: { readonly short: string; readonly fqdn?: string }
    readonly machineId: string
    readonly nics: readonly {
      /** Absent: the NIC's profile is not touched. */
      readonly profile?: string
      readonly from: readonly string[]
      readonly to?: string
      readonly addressing: NicAddressing
    }[]
    readonly hosts: readonly HostsEntry[]
  }
  /** Paths that are gone afterwards. */
  readonly removed: readonly string[]
  /** Codes, sorted. */
  readonly notices: readonly string[]
}

/** A golden guest's directory. */
export function readGolden(directory: string): { guest: GoldenGuest; before: GuestTree; after: GuestTree } {
  const guest = JSON.parse(readFileSync(join(directory, 'guest.json'), 'utf8')) as GoldenGuest
  const before = [...nodesIn(join(directory, 'before'), guest), ...othersOf(guest)]
  const gone = (path: string): boolean =>
    guest.removed.some((name) => path === name || path.startsWith(`${name}/`))
  const kept = before.filter(({ path }) => !gone(path))
  const changed = [
    ...nodesIn(join(directory, 'after'), guest),
    ...linksOf(guest.made ?? {}, guest.attributes),
  ]
  return { guest, before: new GuestTree(before), after: new GuestTree([...kept, ...changed]) }
}

function nodesIn(root: string, { attributes }: GoldenGuest): GuestNode[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      const content = new Uint8Array(readFileSync(file))
      const path = file.slice(root.length)
      return {
        path,
        kind: 'file',
        size: content.length,
        content,
        ...owned(attributes[path], '0644'),
      } as const
    })
}

function linksOf(
  links: Readonly<Record<string, string>>,
  attributes: GoldenGuest['attributes'],
): GuestNode[] {
  return Object.entries(links).map(([path, target]) => {
    return { path, kind: 'symlink', target, size: target.length, ...owned(attributes[path], '0777') } as const
  })
}

function othersOf({ attributes, links, directories }: GoldenGuest): GuestNode[] {
  return [
    ...linksOf(links, attributes),
    ...directories.map((path) => {
      return { path, kind: 'directory', size: 4096, ...owned(attributes[path], '0755') } as const
    }),
  ]
}

function owned(
  { mode, uid = 0, gid = 0 }: Attributes = {},
  usual: string,
): { mode: number; uid: number; gid: number } {
  return { mode: Number.parseInt(mode ?? usual, 8), uid, gid }
}
