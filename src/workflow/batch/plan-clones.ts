import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openGuest } from '../../guest/guest.ts'
import { readTemplate } from '../../machine/clone/template.ts'
import { openable } from '../../machine/disk/shadow.ts'
import { closing } from '../closing.ts'
import { readKeys } from '../keys.ts'
import { applianceOptions } from '../open-guest.ts'
import { scriptsIn } from '../scripts.ts'
import { draftAll } from './draft-all.ts'
import type { Job } from './make-clones.ts'
import { newSeed } from './manifest.ts'
import { surveyTemplate } from './survey-template.ts'
import { sweepTemplate } from './sweep-template.ts'

/** Plans the clones of a job; nothing is written, and the template's disks are opened for reading alone. */
export async function planClones({
  run,
  template: vmx,
  clone,
  rows,
  results,
  to,
  taken,
  scripts,
}: Job): Promise<void> {
  const keys = await readKeys(run.options.keys, run.options.askKey)
  const { template, notices } = await readTemplate(vmx, clone, { force: run.options.force ?? false })
  run.note(...notices)
  const scratch = await mkdtemp(join(tmpdir(), 'vmclone-fix-'))
  try {
    run.stage('launch')
    const opened = await Promise.all(template.disks.map(({ chain }) => openable(chain, scratch)))
    const drives = opened.map(({ path }) => ({ path, format: 'vmdk', readonly: true }))
    const seed = run.options.seed ?? newSeed()
    await closing(await openGuest({ drives, ...applianceOptions(run), keys }), async (guest) => {
      run.stage('read')
      const ground = await surveyTemplate(template, guest, {
        rows,
        to: resolve(to),
        seed,
        taken,
        all: run.options.rows,
        hosts: run.options.hosts ?? 'all',
        force: run.options.force ?? false,
      })
      results.hosts = ground.hostsBlock
      run.stage('plan')
      const drafted = await draftAll(run, ground, rows, (planned) =>
        results.done(planned, { status: 'planned', ...scriptsIn(scripts) }),
      )
      results.sweep = await sweepTemplate(run, guest, drafted)
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
