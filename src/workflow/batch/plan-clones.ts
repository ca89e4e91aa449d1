import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { openGuest } from '../../guest/guest.ts'
import { temporaryDirectory } from '../../guest/temporary.ts'
import { readTemplate } from '../../machine/clone/template.ts'
import { openable } from '../../machine/disk/shadow.ts'
import { closing } from '../closing.ts'
import { readKeys } from '../keys.ts'
import { applianceOptions } from '../open-guest.ts'
import { scriptsIn } from '../scripts.ts'
import { draftAll } from './draft-all.ts'
import type { Job } from './make-clones.ts'
import { newSeed } from './manifest.ts'
import { layoutAt } from './places.ts'
import { type Planned, planApart } from './plan-apart.ts'
import { PlanThreads } from './plan-threads.ts'
import { lookUp } from './resume.ts'
import { surveyTemplate } from './survey-template.ts'
import { sweepTemplate } from './sweep-template.ts'

/** Fewer clones are planned here sooner than threads are started. */
const MANY = 500

/**
 * Plans the clones of a job, or those that an earlier run did not finish; nothing is written, and the template's disks are opened for
 * reading alone.
 */
export async function planClones(job: Job): Promise<void> {
  const { run, template: vmx, clone, results, to } = job
  const keys = await readKeys(run.options.keys, run.options.askKey)
  const { template, notices } = await readTemplate(vmx, clone, { force: run.options.force ?? false })
  run.note(...notices)
  const layout = await layoutAt(to)
  const begun = layout && (await lookUp(job, template, layout))
  const { rest: rows, seed } = begun ?? { rest: job.rows, seed: run.options.seed ?? newSeed() }
  if (rows.length === 0) return
  const scratch = await temporaryDirectory(run.options.environment)
  // Without a digest the changes themselves are wanted, and they would take longer to come from a thread than to be made.
  const threads = run.options.digest && rows.length >= MANY ? PlanThreads.start() : undefined
  try {
    run.stage('launch')
    const opened = await Promise.all(template.disks.map(({ chain }) => openable(chain, scratch)))
    const drives = opened.map(({ path }) => ({ path, format: 'vmdk', readonly: true }))
    await closing(await openGuest({ drives, ...applianceOptions(run), keys }), async (guest) => {
      run.stage('read')
      const ground = await surveyTemplate({ ...job, rows }, template, guest, { to: resolve(to), seed })
      results.hosts = ground.hostsBlock
      run.stage('plan')
      const end: Planned = { status: 'planned', ...scriptsIn(job.scripts) }
      const first = threads
        ? await planApart({ ...job, rows }, ground, { threads, seed, end })
        : (await draftAll(run, ground, rows, (planned) => results.done(planned, end))).first
      results.sweep = await sweepTemplate(run, guest, first)
    })
  } finally {
    await threads?.close()
    await rm(scratch, { recursive: true, force: true })
  }
}
