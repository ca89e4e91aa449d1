import type { Script } from '../../guest/script/script.ts'
import type { Taken } from '../../identity/taken.ts'
import { readTemplate } from '../../machine/clone/template.ts'
import { closing } from '../closing.ts'
import { readKeys } from '../keys.ts'
import type { Run } from '../run.ts'
import { openPlaces } from './places.ts'
import { produce } from './produce.ts'
import type { Results } from './results.ts'
import { takeUp } from './resume.ts'
import type { BatchOptions, BatchRow, CloneKind } from './types.ts'

/** Clones that are to be made from a template. */
export interface Job {
  readonly run: Run<BatchOptions>
  /** The template's .vmx. */
  readonly template: string
  /** Directory that they go to. */
  readonly to: string
  readonly clone: CloneKind
  readonly rows: readonly BatchRow[]
  readonly results: Results
  /** What no clone may draw. */
  readonly taken: Taken
  /** That run over each clone's guest. */
  readonly scripts: readonly Script[]
}

/** Makes the clones of a job, or those that an earlier run did not finish. Throws what refuses all of them, and INTERRUPTED. */
export async function makeClones(job: Job): Promise<void> {
  const { run, scripts } = job
  const keys = await readKeys(run.options.keys, run.options.askKey)
  const { template, notices } = await readTemplate(job.template, job.clone, {
    force: run.options.force ?? false,
  })
  run.note(...notices)
  await closing(await openPlaces(job.to), async (places) => {
    const { rest, ...begun } = await takeUp(job, template, places)
    if (rest.length === 0) return
    await produce({ ...job, rows: rest, ...begun, shop: { run, template, places, keys, scripts } })
  })
}
