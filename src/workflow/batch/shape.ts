import { sameBytes } from '../../formats/bytes.ts'
import { type Draw, moldContent } from '../../machine/stamp/content.ts'
import {
  type Change,
  type FileChange,
  guestFiles,
  idsAt,
  type WriteChange,
} from '../../transaction/change.ts'

/**
 * All of a plan's guest side but the bytes that it writes: two clones of one template whose plans have the same shape differ, once
 * edited, in nothing but the contents of files of equal length. Text to compare and to use as a key.
 */
export function shapeOf(changes: readonly Change[]): string {
  return JSON.stringify(guestFiles(changes).map(outline))
}

function outline(change: FileChange): unknown[] {
  if (change.kind === 'remove') return [change.path, change.tree === true]
  if (change.kind === 'link') return [change.path, 'link', change.target]
  const { path, after, mode, owner, labelLike, labelType } = change
  return [path, after.length, mode, owner?.uid, owner?.gid, labelLike, labelType]
}

/** Why clones with these changes cannot be stamped, whatever they write; undefined if they can. */
export function unstampable(changes: readonly Change[]): string | undefined {
  return idsAt('storage', changes).length > 0 ? 'its disks get ids of their own' : undefined
}

/**
 * Paths of the guest that are written and not with the same bytes in all these plans of one shape, sorted. A path that is
 * written twice counts by each of its writes: what the first one wrote may remain in a free block.
 */
export function varying(plans: readonly (readonly Change[])[]): Set<string> {
  const [first = [], ...others] = plans.map(writes)
  const paths = first.flatMap(({ path, after }, index) =>
    others.every((other) => sameBytes(other[index]?.after, after)) ? [] : [path],
  )
  return new Set(paths.sort())
}

/** What a mold is edited with, and what its varying files then hold. */
export interface MoldPlan {
  readonly changes: readonly Change[]
  readonly contents: ReadonlyMap<string, Uint8Array>
}

/** A plan with random bytes in place of whatever varies, so that no clone's own bytes get into the mold. */
export function moldPlan(changes: readonly Change[], paths: ReadonlySet<string>, draw: Draw): MoldPlan {
  const contents = new Map<string, Uint8Array>()
  const molded = guestFiles(changes).map((change) => {
    if (change.kind !== 'write' || !paths.has(change.path)) return change
    const after = moldContent(change.after.length, draw)
    contents.set(change.path, after)
    return { ...change, after }
  })
  return { changes: molded, contents }
}

/** A clone's own contents of what varies, as its plan leaves them: for `stamp`. */
export function ownContents(
  changes: readonly Change[],
  paths: ReadonlySet<string>,
): ReadonlyMap<string, Uint8Array> {
  return new Map(
    writes(changes)
      .filter(({ path }) => paths.has(path))
      .map(({ path, after }) => [path, after]),
  )
}

function writes(changes: readonly Change[]): WriteChange[] {
  return guestFiles(changes).filter((change): change is WriteChange => change.kind === 'write')
}

/**
 * The shape without the lengths: clones of one skeleton write the same files, so that the mold for one is made from that for another
 * by writing again.
 */
export function skeletonOf(changes: readonly Change[]): string {
  return JSON.stringify(
    guestFiles(changes).map((change) =>
      change.kind === 'write' ? outline({ ...change, after: new Uint8Array() }) : outline(change),
    ),
  )
}
