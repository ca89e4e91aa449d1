import { resolve } from 'node:path'
import { givenTo, isTaken, type Taken, take } from '../../identity/taken.ts'
import { planRow } from './draft-all.ts'
import type { Job } from './make-clones.ts'
import type { Ground } from './plan-rows.ts'
import type { PlanThreads } from './plan-threads.ts'
import type { PlannedClone } from './planned-clone.ts'
import { RowFaults } from './row-faults.ts'
import type { BatchClone } from './types.ts'

/** What a dry run's report says of every clone. */
export type Planned = Pick<BatchClone, 'status' | 'scripts'>

/**
 * Plans every row of a dry run in threads, with the result of planning them here one after the other; rows that cannot be planned there
 * are planned here. Gives the plan of the first. Throws what draftAll throws.
 */
export async function planApart(
  { run, template: vmx, clone, to, rows, results }: Omit<Job, 'scripts'>,
  ground: Ground,
  { threads, seed, end }: { readonly threads: PlanThreads; readonly seed: string; readonly end: Planned },
): Promise<PlannedClone | undefined> {
  const { survey, hostsBlock } = ground
  const { tree, selinux, storage } = survey.guest
  const [{ request: select } = { request: { enable: [], disable: [] } }] = rows
  const { digest, force = false } = run.options
  const given = {
    ...{ vmx, clone, force, seed, select, to: resolve(to), vmnets: survey.vmnets },
    guest: { nodes: tree.nodes(), selinux, ...(storage === undefined ? {} : { storage }) },
    taken: copyOf(ground.taken),
    ...(hostsBlock === undefined ? {} : { hostsBlock }),
    ...(digest === undefined ? {} : { digest }),
  }
  const faults = new RowFaults(ground.faults)
  let first: PlannedClone | undefined
  // Threads know what was taken before them; of two that drew the same the later one is planned here.
  const before: Ground = { ...ground, taken: given.taken }
  const since: Taken = { macs: new Set(), uuids: new Set() }
  for await (const { row, outline } of threads.plan(given, rows)) {
    await run.pause()
    if (outline !== undefined && !isTaken(since, outline.given)) {
      const again = (): PlannedClone => planRow(before, row).planned
      first ??= again()
      for (const taken of [since, ground.taken]) take(taken, outline.given)
      results.outlined(row, outline, { ...end, again: () => again().changes })
      continue
    }
    faults.around(row, () => {
      const { draft, planned } = planRow(ground, row)
      first ??= planned
      for (const taken of [since, ground.taken]) take(taken, givenTo(draft.identity))
      results.done(planned, end)
    })
  }
  faults.refuse(rows.length)
  return first
}

function copyOf({ macs, uuids }: Taken): Taken {
  return { macs: new Set(macs), uuids: new Set(uuids) }
}
