import type { Guest } from '../guest/guest.ts'
import type { MachineSurvey } from '../machine/survey.ts'
import type { Vmnet } from '../network/model.ts'
import type { Operation } from '../operations/operation.ts'
import type { Survey } from '../operations/survey.ts'
import { readsOf, surveyGuest } from './survey-guest.ts'

/** Brings all that these operations read, in one trip through the guest. `machine` is undefined for a plain tree. */
export async function surveyClone(
  machine: MachineSurvey | undefined,
  guest: Guest,
  vmnets: readonly Vmnet[],
  operations: readonly Operation[],
): Promise<Survey> {
  const tree = await guest.read(readsOf(operations))
  const storage = operations.some(({ disks }) => disks === 'storage') ? await guest.storageIds() : undefined
  return {
    ...(machine === undefined ? {} : { machine }),
    guest: { ...surveyGuest(tree, guest.selinux), ...(storage === undefined ? {} : { storage }) },
    vmnets,
  }
}
