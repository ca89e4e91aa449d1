import type { BatchClone } from '../../../workflow/batch/types.ts'
import { briefOf, isChanged } from './brief.ts'

/** Clones whose changes are the same but for their contents. */
export interface Kind {
  readonly first: BatchClone
  readonly count: number
}

/** The kinds of clones among those that anything changes in, in the order in which they first come. */
export function kindsOf(clones: readonly BatchClone[]): Kind[] {
  const kinds = new Map<string, { first: BatchClone; count: number }>()
  for (const clone of clones) {
    if (!isChanged(clone)) continue
    const key = briefOf(clone).kind
    const kind = kinds.get(key)
    if (kind === undefined) kinds.set(key, { first: clone, count: 1 })
    else kind.count++
  }
  return [...kinds.values()]
}
