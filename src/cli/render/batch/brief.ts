import type { Change } from '../../../transaction/change.ts'
import type { BatchClone } from '../../../workflow/batch/types.ts'
import { type Tally, tallyOf } from '../changes.ts'

/** What a report for a person says of the changes of every clone. */
export interface Brief {
  /** The same for clones whose changes are the same but for their contents; empty if there are none. */
  readonly kind: string
  readonly tally: Tally
}

const briefs = new WeakMap<BatchClone, Brief>()

/** Made once for each clone. */
export function briefOf(clone: BatchClone): Brief {
  const known = briefs.get(clone)
  if (known !== undefined) return known
  const { changes, name } = clone
  const kind = changes.map((change) => keyOf(change, name)).join('\n')
  const brief = { kind, tally: tallyOf(changes) }
  briefs.set(clone, brief)
  return brief
}

function keyOf({ at, kind, operation, path }: Change, name: string): string {
  const where = at === 'guest' || at === 'storage' ? path : path.replaceAll(name, '*')
  return [at, kind, operation, where].join(' ')
}
