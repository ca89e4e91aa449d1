import type { Change } from '../../../transaction/change.ts'
import type { BatchClone } from '../../../workflow/batch/types.ts'

/** Clones whose changes are the same but for their contents. */
export interface Kind {
  readonly first: BatchClone
  readonly count: number
}

/** The kinds of clones among those that anything changes in, in the order in which they first come. */
export function kindsOf(clones: readonly BatchClone[]): Kind[] {
  const kinds = new Map<string, { first: BatchClone; count: number }>()
  for (const clone of clones) {
    const { changes } = clone
    if (changes.length === 0 || clone.status === 'failed') continue
    const key = changes.map((change) => changeKey(change, clone.name)).join('\n')
    const kind = kinds.get(key)
    if (kind === undefined) kinds.set(key, { first: clone, count: 1 })
    else kind.count++
  }
  return [...kinds.values()]
}

function changeKey({ at, kind, operation, path }: Change, name: string): string {
  return [at, kind, operation, at === 'guest' || at === 'storage' ? path : path.replaceAll(name, '*')].join(
    ' ',
  )
}
