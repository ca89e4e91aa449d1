import { sameBytes } from '../../formats/bytes.ts'
import { givenTo, take } from '../../identity/taken.ts'
import type { Run } from '../run.ts'
import { standInKeys } from './key-source.ts'
import { type Draft, draftClone, type Ground, planDraft } from './plan-rows.ts'
import type { PlannedClone } from './planned-clone.ts'
import { RowFaults } from './row-faults.ts'
import { skeletonOf } from './shape.ts'
import type { BatchRow } from './types.ts'

/** All clones of a batch, resolved and planned once with something in the place of their host keys. */
export interface Drafted {
  readonly drafts: readonly Draft[]
  /** The plan of the first. */
  readonly first: PlannedClone | undefined
  /** Paths in the guest whose contents differ over the clones. */
  readonly varying: ReadonlySet<string>
  /** How many clones have this skeleton. */
  readonly countOf: (skeleton: string) => number
}

/** Plans every row, and gives each draft and plan to `each`; throws one error for all rows that cannot be planned, and INTERRUPTED. */
export async function draftAll(
  run: Pick<Run, 'pause'>,
  ground: Ground,
  rows: readonly BatchRow[],
  each: (planned: PlannedClone, draft: Draft) => void,
): Promise<Drafted> {
  const drafts: Draft[] = []
  const faults = new RowFaults(ground.faults)
  const firsts = new Map<string, Uint8Array>()
  const varying = new Set<string>()
  let first: PlannedClone | undefined
  const counts = new Map<string, number>()
  for (const row of rows) {
    await run.pause()
    faults.around(row, () => {
      const { draft, planned } = planRow(ground, row)
      take(ground.taken, givenTo(draft.identity))
      const { changes } = planned
      each(planned, draft)
      first ??= planned
      drafts.push(draft)
      const skeleton = skeletonOf(changes)
      counts.set(skeleton, (counts.get(skeleton) ?? 0) + 1)
      for (const change of changes) {
        if (change.at !== 'guest' || change.kind !== 'write') continue
        const other = firsts.get(change.path)
        if (other === undefined) firsts.set(change.path, change.after)
        else if (!varying.has(change.path) && !sameBytes(other, change.after)) varying.add(change.path)
        if (change.operation.split(', ').includes('ssh-host-keys')) varying.add(change.path)
      }
    })
  }
  faults.refuse(rows.length)
  return { drafts, first, varying, countOf: (skeleton) => counts.get(skeleton) ?? 0 }
}

/** Plans a row with something in the place of its host keys. Throws what draftClone throws. */
export function planRow(
  ground: Ground,
  row: BatchRow,
): { readonly draft: Draft; readonly planned: PlannedClone } {
  const stand = standInKeys(ground.survey, row.request)
  const draft = draftClone(ground, row, stand)
  return { draft, planned: planDraft(ground, draft, stand) }
}
