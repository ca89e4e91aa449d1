import type { Guest } from '../../guest/guest.ts'
import type { Taken } from '../../identity/taken.ts'
import type { Template } from '../../machine/clone/template.ts'
import { hostVmnets } from '../../network/vmnet/read.ts'
import { guestHostname } from '../../operations/guest-name.ts'
import type { Survey } from '../../operations/survey.ts'
import { selectOperations } from '../select.ts'
import { surveyClone } from '../survey.ts'
import { checkTemplateGuest } from './check-guest.ts'
import { refuseFaults } from './fault.ts'
import { groundOf } from './ground.ts'
import { hostsOfBatch } from './hosts.ts'
import type { Ground } from './plan-rows.ts'
import type { BatchRow } from './types.ts'

/** Reads the template's guest once, for the plans of all its clones. Throws what reading throws, and UNKNOWN_OPERATION. */
export async function surveyTemplate(
  template: Template,
  guest: Guest,
  given: {
    readonly rows: readonly BatchRow[]
    /** Of the whole batch, those that are finished or not made too. */
    readonly all: readonly BatchRow[]
    readonly to: string
    readonly seed: string
    readonly taken: Taken
    readonly hosts: 'all' | 'own'
    readonly force: boolean
  },
): Promise<Ground> {
  const { to, seed, taken, rows, all, hosts, force } = given
  const operations = selectOperations(rows[0]?.request ?? { enable: [], disable: [] })
  const survey = await surveyClone(template, guest, await hostVmnets(), operations)
  const present = guestHostname(survey.guest.tree)
  if (!force)
    refuseFaults(
      checkTemplateGuest(rows, { ...(present ? { hostname: present } : {}), addresses: addressesOf(survey) }),
    )
  const block = hosts === 'all' ? { hostsBlock: hostsOfBatch(all, present) } : {}
  return groundOf(template, survey, { operations, to, seed, taken, ...block })
}

function addressesOf({ guest }: Survey): string[] {
  return (guest.network?.profiles ?? []).flatMap(({ now: { ipv4, ipv6 } }) => [
    ...(ipv4?.method === 'static' ? [ipv4.address] : []),
    ...(ipv6 === undefined ? [] : [ipv6.address]),
  ])
}
