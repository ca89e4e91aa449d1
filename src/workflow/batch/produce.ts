import { guestHostname } from '../../operations/guest-name.ts'
import { closing } from '../closing.ts'
import { Blanks } from './blanks.ts'
import { draftAll } from './draft-all.ts'
import { type EditShop, editClones } from './edit-clones.ts'
import { defaultJobs, eachOf, inGroups, MACHINES_A_GROUP } from './groups.ts'
import { startKeySource } from './key-source.ts'
import { Lane, type Shop } from './lane.ts'
import type { Job } from './make-clones.ts'
import { type Draft, planDraft } from './plan-rows.ts'
import type { PlannedClone } from './planned-clone.ts'
import { Publisher } from './publish.ts'
import type { TakenUp } from './resume.ts'
import { stampAll } from './stamp-all.ts'
import { surveyTemplate } from './survey-template.ts'
import { sweepTemplate } from './sweep-template.ts'

/** A job with all that was found out before the first appliance starts. */
export interface Production extends Job {
  readonly shop: Shop
  /** From which ids are drawn. */
  readonly seed: string
  /** Throws TEMPLATE_CHANGED if the template is not as it was. */
  readonly guard: () => Promise<void>
  readonly remember: TakenUp['remember']
}

/**
 * The way of a batch: the first appliance shows the guest and is at once the one in which molds, or the first clones, are edited; while
 * it starts, host keys and the blanks of full clones are made.
 */
export async function produce(job: Production): Promise<void> {
  const { run, shop, rows, results, seed } = job
  const { jobs = defaultJobs(), stamp: wanted = true } = run.options
  // A script may write what is a clone's own wherever it likes, so that there is no mold for all of them.
  const stamp = wanted && job.scripts.length === 0
  if (wanted && !stamp)
    run.note({
      code: 'scripts-not-stamped',
      message: 'Scripts run in each clone, so all were edited in an appliance, one by one.',
      hint: 'What is the same for all clones is done sooner once, in the template.',
    })
  run.stage('launch')
  const groups = stamp ? [] : inGroups(rows, jobs, MACHINES_A_GROUP)
  const names = stamp ? [['mold']] : groups.slice(0, jobs).map((group) => group.map(({ name }) => name))
  const lanes = names.map((some) => Lane.open(shop, some))
  for (const lane of lanes) lane.catch(() => undefined)
  const blanks =
    stamp && shop.template.kind === 'full'
      ? new Blanks(
          shop,
          rows.map(({ name }) => name),
        )
      : undefined
  try {
    await closing(startKeySource(rows, run.options.signal), async (keys) => {
      const first = (await lanes[0]) as Lane
      const guest = await first.guest(0)
      run.stage('read')
      const ground = await surveyTemplate(job, shop.template, guest, { to: shop.places.to, seed })
      results.hosts = ground.hostsBlock
      await job.remember(guestHostname(ground.survey.guest.tree))
      run.stage('plan')
      const ready = new Map<Draft, PlannedClone>()
      const drafted = await draftAll(run, ground, rows, (clone, draft) => {
        const whole = clone.identity.sshKeys.policy !== 'set'
        if (whole && clone.settle(results.room)) ready.set(draft, clone)
      })
      results.sweep = await sweepTemplate(run, guest, drafted.first)
      await guest.close()
      const publisher = new Publisher(shop.places, results, job.guard)
      const storage = first.storage
      const edit: EditShop = { ...shop, results, publisher, ...(storage === undefined ? {} : { storage }) }
      const planned = async (draft: Draft): Promise<PlannedClone> =>
        ready.get(draft) ?? planDraft(ground, draft, await keys.keysOf(ground.survey, draft))
      run.stage('write')
      // Arrays of copies have the same UUID, by which an appliance assembles them when it starts.
      const most = storage?.raid ? 1 : MACHINES_A_GROUP
      if (stamp) {
        const rest = await stampAll(edit, { first, drafted, planned, jobs, blanks })
        return eachOf(inGroups(rest, jobs, most), jobs, (group) => editClones(edit, group))
      }
      const shared = groups.some((group) => group.length > most)
      if (shared) for (const lane of lanes) await (await lane).discard()
      const work = (shared ? inGroups(rows, jobs, most) : groups).map((group, index) => ({
        drafts: drafted.drafts.filter(({ row }) => group.includes(row)),
        lane: shared ? undefined : lanes[index],
      }))
      return eachOf(work, jobs, async ({ drafts, lane }) =>
        editClones(edit, await Promise.all(drafts.map(planned)), lane),
      )
    })
  } finally {
    await blanks?.close()
    for (const lane of lanes)
      await lane.then(
        (open) => open.close(),
        () => undefined,
      )
  }
}
