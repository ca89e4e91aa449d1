import { sameBytes } from '../formats/bytes.ts'
import { type Change, guestFiles, type IdChange, idName } from '../transaction/change.ts'
import { type StorageId, sameId } from './storage-id.ts'
import type { GuestNode, GuestTree } from './tree.ts'

/** One thing that is not as it should be; contents are named, never shown. */
export interface Mismatch {
  readonly path: string
  readonly expected: string
  readonly found: string
}

/** Compares what was read back with what these changes must have made. The last change of a path counts. */
export function compare(
  changes: readonly Change[],
  tree: GuestTree,
  labels: ReadonlyMap<string, string>,
): Mismatch[] {
  const last = new Map(guestFiles(changes).map((change) => [change.path, change]))
  const within = (path: string): boolean =>
    [...last.values()].some((change) => path.startsWith(`${change.path}/`))
  return [...last.values()].flatMap((change) => {
    const { path } = change
    const node = tree.entry(path)
    if (change.kind === 'remove')
      return node && ![...last.keys()].some((other) => other.startsWith(`${path}/`))
        ? [{ path, expected: 'no file', found: `a ${node.kind}` }]
        : []
    const label = labels.get(path)
    if (change.kind === 'link') {
      const made = `a link to ${change.target}`
      const found =
        node?.kind === 'symlink' ? `a link to ${node.target}` : node ? `a ${node.kind}` : 'nothing'
      if (found !== made) return [{ path, expected: made, found }]
      return label === undefined || label === node?.label
        ? []
        : [{ path, expected: `label ${label}`, found: `label ${node?.label ?? 'none'}` }]
    }
    if (node?.kind !== 'file')
      return within(path) ? [] : [{ path, expected: 'a file', found: node ? `a ${node.kind}` : 'no file' }]
    const found: Mismatch[] = []
    const expect = (expected: string | undefined, actual: string | undefined): void => {
      if (expected !== undefined && expected !== actual)
        found.push({ path, expected, found: actual ?? 'nothing' })
    }
    if (!sameBytes(node.content, change.after))
      found.push({
        path,
        expected: `the ${change.after.length} bytes planned`,
        found: `${node.size} bytes that differ`,
      })
    expect(change.mode === undefined ? undefined : `mode ${octal(change.mode)}`, `mode ${octal(node.mode)}`)
    expect(change.owner && `owner ${change.owner.uid}:${change.owner.gid}`, ownerOf(node))
    expect(label && `label ${label}`, `label ${node.label ?? 'none'}`)
    return found
  })
}

/** Compares the ids on the disks with what these changes must have made. */
export function compareIds(changes: readonly IdChange[], ids: readonly StorageId[]): Mismatch[] {
  return changes.flatMap(({ path, bearer, format, after }) => {
    const found = ids.find((id) => id.device === path && id.bearer === bearer && id.format === format)?.id
    const name = idName({ bearer, format })
    return found !== undefined && sameId(found, after)
      ? []
      : [{ path, expected: `${name} ${after}`, found: found ?? `no ${name}` }]
  })
}

function ownerOf({ uid, gid }: GuestNode): string {
  return `owner ${uid}:${gid}`
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
