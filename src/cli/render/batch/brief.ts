import type { Change } from '../../../transaction/change.ts'
import type { BatchClone } from '../../../workflow/batch/types.ts'
import { type Tally, tallyOf } from '../changes.ts'
import { digestOf } from './digest.ts'

/** What a report for a person says of the changes of every clone. */
export interface Brief {
  /** The same for clones whose changes are the same but for their contents; empty if there are none. */
  readonly kind: string
  readonly tally: Tally
}

/** That of a clone in a report. */
export function briefOf(clone: BatchClone): Brief {
  return digestOf(clone).brief ?? makeBrief(clone.name, clone.changes)
}

/** True if anything changed, or would, and did not fail. */
export function isChanged(clone: BatchClone): boolean {
  return clone.status !== 'failed' && briefOf(clone).kind !== ''
}

export function makeBrief(name: string, changes: readonly Change[]): Brief {
  return { kind: changes.map((change) => keyOf(change, name)).join('\n'), tally: tallyOf(changes) }
}

function keyOf({ at, kind, operation, path }: Change, name: string): string {
  const where = at === 'guest' || at === 'storage' ? path : path.replaceAll(name, '*')
  return [at, kind, operation, where].join(' ')
}
