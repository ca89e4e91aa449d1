import type { Guest } from '../../guest/guest.ts'
import type { Template } from '../../machine/clone/template.ts'
import { hostVmnets } from '../../network/vmnet/read.ts'
import { guestHostname } from '../../operations/guest-name.ts'
import type { Survey } from '../../operations/survey.ts'
import { selectOperations } from '../select.ts'
import { surveyClone } from '../survey.ts'
import { checkTemplateGuest } from './check-guest.ts'
import { groundOf } from './ground.ts'
import { hostsOfBatch } from './hosts.ts'
import type { Job } from './make-clones.ts'
import type { Ground } from './plan-rows.ts'

/**
 * Reads the template's guest once, for the plans of all its clones. `to`: the directory that they go to, absolute; `seed`: of all that is
 * drawn. Throws what reading throws, and UNKNOWN_OPERATION.
 */
export async function surveyTemplate(
  { run, rows, taken }: Pick<Job, 'run' | 'rows' | 'taken'>,
  template: Template,
  guest: Guest,
  place: { readonly to: string; readonly seed: string },
): Promise<Ground> {
  const { rows: all, hosts = 'all', force } = run.options
  const operations = selectOperations(rows[0]?.request ?? { enable: [], disable: [] })
  const survey = await surveyClone(template, guest, await hostVmnets(), operations)
  const present = guestHostname(survey.guest.tree)
  const own = { ...(present ? { hostname: present } : {}), addresses: addressesOf(survey) }
  // Told with what planning finds: an appliance was started for it.
  const faults = force ? [] : checkTemplateGuest(rows, own)
  // Of the whole batch: those that are finished, or fixed in place, too.
  const block = hosts === 'all' ? { hostsBlock: hostsOfBatch(all, present) } : {}
  return groundOf(template, survey, { operations, taken, faults, ...place, ...block })
}

function addressesOf({ guest }: Survey): string[] {
  return (guest.network?.profiles ?? []).flatMap(({ now: { ipv4, ipv6 } }) => [
    ...(ipv4?.method === 'static' ? [ipv4.address] : []),
    ...(ipv6 === undefined ? [] : [ipv6.address]),
  ])
}
