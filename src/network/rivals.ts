import type { GuestRead, GuestTree } from '../guest/tree.ts'
import type { Evidence } from './model.ts'
import { SERVICE_READS, startsAtBoot } from './services.ts'

/** What must be read to see managers for which there is no dialect here. */
export const RIVAL_READS: readonly GuestRead[] = SERVICE_READS

/** Network managers that start at boot and have no dialect here; they may claim the same NICs as one that has. */
export function rivals(tree: GuestTree): Evidence[] {
  const because = startsAtBoot(tree, 'wicd')
  return because === undefined ? [] : [{ dialect: 'wicd', because }]
}
