import type { Guest } from '../../guest/guest.ts'
import type { Run } from '../run.ts'
import { sweep } from '../sweep/sweep.ts'
import type { Sweep } from '../sweep/types.ts'
import type { PlannedClone } from './planned-clone.ts'
import type { BatchOptions } from './types.ts'

/** What would still name the template in its clones: looked for once, in the template as the plan of the first clone leaves it. */
export async function sweepTemplate(
  run: Run<BatchOptions>,
  guest: Guest,
  first: PlannedClone | undefined,
): Promise<Sweep | undefined> {
  if (first === undefined) return undefined
  const { was, card, changes } = first
  return sweep(run, guest, { was, is: card, changes })
}
