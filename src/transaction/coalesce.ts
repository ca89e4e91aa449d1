import { sameBytes } from '../formats/bytes.ts'
import type { Change, FileChange } from './change.ts'

/**
 * The same effect with one change per path: what was there first, what is there last, the summaries joined. A merged change
 * stands where the last of its path stood. What changes nothing is dropped, and so is what a later removal of a
 * directory takes with it. Two changes of a path remain only where one cannot say it: a write in place of a removed
 * directory, or of a file whose content was not read, or a link in place of what was removed. Ids are as they are planned: nothing plans
 * one twice.
 */
export function coalesce(changes: readonly Change[]): Change[] {
  let merged: Change[] = []
  for (const change of changes) {
    if (change.kind === 'id') {
      merged.push(change)
      continue
    }
    if (change.kind === 'remove' && change.tree)
      merged = merged.filter((earlier) => !isBelow(earlier, change))
    const at = merged.findLastIndex((earlier) => samePlace(earlier, change))
    const earlier = merged[at]
    const next = earlier && earlier.kind !== 'id' && merge(earlier, change)
    if (!next) {
      merged.push(change)
      continue
    }
    merged.splice(at, 1)
    merged.push(...next)
  }
  return merged.filter((change) => !isIdle(change))
}

/** Both as one (or none); undefined if that cannot be said. */
function merge(first: FileChange, last: FileChange): FileChange[] | undefined {
  const common = {
    operation: joined(first.operation, last.operation, ', '),
    summary: joined(first.summary, last.summary, '; '),
    ...(first.secret || last.secret ? { secret: true } : {}),
  }
  if (last.kind === 'link') return undefined
  if (first.kind === 'link') return last.kind === 'remove' ? [] : undefined
  if (last.kind === 'write') {
    if (first.kind === 'remove') {
      if (first.tree || first.before === undefined) return undefined
      return [{ ...last, ...common, before: first.before }]
    }
    const { before: _, ...rest } = last
    return [{ ...first, ...rest, ...common }]
  }
  if (first.kind === 'write') {
    if (first.before === undefined && !last.tree) return []
    const { before: _, ...rest } = last
    return [{ ...rest, ...common, ...(first.before === undefined ? {} : { before: first.before }) }]
  }
  const before = first.before ?? last.before
  const tree = first.tree || last.tree
  return [{ ...last, ...common, ...(before === undefined ? {} : { before }), ...(tree ? { tree } : {}) }]
}

/** A write that leaves the bytes as they are and asks for no attributes; an id that stays. */
function isIdle(change: Change): boolean {
  if (change.kind === 'id') return change.before === change.after
  if (change.kind !== 'write' || change.mode !== undefined || change.owner !== undefined) return false
  return sameBytes(change.before, change.after)
}

function samePlace(a: Change, b: Change): boolean {
  return a.at === b.at && a.path === b.path
}

function isBelow(change: Change, directory: Change): boolean {
  return change.at === directory.at && change.path.startsWith(`${directory.path}/`)
}

function joined(first: string, last: string, mark: string): string {
  return first.split(mark).includes(last) ? first : `${first}${mark}${last}`
}
