import { stat } from 'node:fs/promises'
import { VmcloneError } from '../../errors/index.ts'
import { brokenClones } from '../../machine/clone/broken.ts'
import { changesOf, type TemplateState, templateState } from '../../machine/clone/state.ts'
import type { Template } from '../../machine/clone/template.ts'
import { cardOfRecord } from './kept.ts'
import type { Job } from './make-clones.ts'
import { newSeed, readManifest, writeManifest } from './manifest.ts'
import type { Places } from './places.ts'
import type { BatchRow } from './types.ts'

/** Where a batch begins, or goes on. */
export interface TakenUp {
  /** Rows whose clones are to be made. */
  readonly rest: readonly BatchRow[]
  /** From which ids are drawn: that of the earlier run, where there was one. */
  readonly seed: string
  /** Throws TEMPLATE_CHANGED if the template is no longer as it was at the start. */
  readonly guard: () => Promise<void>
}

/**
 * Finds out what an earlier run finished, and keeps what a later one will need. Without `resume` a directory that is there already refuses the
 * batch. Throws TARGET_EXISTS, TEMPLATE_CHANGED.
 */
export async function takeUp(job: Job, template: Template, places: Places): Promise<TakenUp> {
  const { run, rows, clone, results } = job
  const { resume = false, seed: given } = run.options
  const key = { template: template.vmxPath, clone, rows }
  const state = await templateState(template)
  const earlier = resume ? await readManifest(places, key) : undefined
  if (earlier !== undefined) refuseChanged(template, earlier.state as TemplateState, state)
  if (clone === 'linked') await checkStanding(job, template, places)
  const rest: BatchRow[] = []
  for (const row of rows) {
    const final = places.final(row.name)
    if (!(await stat(final).catch(() => undefined))) {
      rest.push(row)
      continue
    }
    const card = resume ? await cardOfRecord(final, row.name) : undefined
    if (card === undefined)
      throw new VmcloneError(
        'TARGET_EXISTS',
        `${final} is there already${resume ? ', and was not made by a batch' : ''}`,
      )
    results.end(row, { status: 'unchanged', kept: true, identity: card })
  }
  const seed = given ?? earlier?.seed ?? newSeed()
  if (rest.length > 0) await writeManifest(places, key, { seed, state })
  return {
    rest,
    seed,
    guard: async () => refuseChanged(template, state, await templateState(template)),
  }
}

/** Linked clones that stand there already tell whether the template was started since. */
async function checkStanding({ run }: Job, template: Template, { to }: Places): Promise<void> {
  const [first, ...more] = await brokenClones(to, template)
  if (first === undefined) return
  const others = more.length === 0 ? '' : `, and ${more.length} other disks in ${to}`
  const fact = `${template.vmxPath} was written to: ${first.disk} was made of its disk when that had the content id ${first.expected}, now it has ${first.found}${others}`
  if (!run.options.force) throw new VmcloneError('TEMPLATE_CHANGED', fact)
  run.note({ code: 'forced', message: `${fact}.`, hint: 'Those clones do not start any more.' })
}

function refuseChanged({ vmxPath }: Template, before: TemplateState, now: TemplateState): void {
  const [change] = changesOf(before, now)
  if (change !== undefined) throw new VmcloneError('TEMPLATE_CHANGED', `${vmxPath} was changed: ${change}`)
}
