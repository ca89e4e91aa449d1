import type { Guest } from '../../guest/guest.ts'
import type { Run } from '../run.ts'
import { sweep } from '../sweep/sweep.ts'
import type { Sweep } from '../sweep/types.ts'
import type { Drafted } from './draft-all.ts'
import type { BatchOptions } from './types.ts'

/** What would still name the template in its clones: looked for once, in the template as the first clone's plan leaves it. */
export async function sweepTemplate(
  run: Run<BatchOptions>,
  guest: Guest,
  { first }: Drafted,
): Promise<Sweep | undefined> {
  if (first === undefined) return undefined
  const { was, card, changes } = first
  return sweep(run, guest, { was, is: card, changes })
}
