import { VmcloneError } from '../../errors/index.ts'
import { Run } from '../run.ts'
import { readScripts } from '../scripts.ts'
import { checkRows } from './check.ts'
import { loadDigester } from './digest.ts'
import { takenIdentity } from './facts.ts'
import { refuseFaults } from './fault.ts'
import { fixRows } from './fix-rows.ts'
import { hostsOfBatch } from './hosts.ts'
import { makeClones } from './make-clones.ts'
import { readFacts, targetDirectory } from './neighbours.ts'
import { planClones } from './plan-clones.ts'
import { Results } from './results.ts'
import type { BatchOptions, BatchReport, BatchRow } from './types.ts'

/**
 * Plans a batch and writes nothing. The report says what `batch` would do; SSH host keys, which take half a second of a core for each
 * clone, are not made for it. Throws VmcloneError for what refuses the whole batch.
 */
export function planBatch(options: BatchOptions): Promise<BatchReport> {
  return run(options, false)
}

/**
 * Makes a clone from the template for each row, or fixes the one that the row names, each with an identity of its own. What is
 * wrong with any row refuses all before anything is written; what fails later is the failure of its clone alone and stands in
 * the report. Throws VmcloneError for the former, and INTERRUPTED: what was finished then stays, and `resume` does the rest.
 */
export function batch(options: BatchOptions): Promise<BatchReport> {
  return run(options, true)
}

async function run(options: BatchOptions, apply: boolean): Promise<BatchReport> {
  const { template, rows, clone = 'full' } = options
  const run = new Run(options, { vmx: template ?? '' })
  return run.telling(async () => {
    run.stage('check')
    const scripts = await readScripts(options.scripts)
    const facts = await readFacts(options)
    refuseFaults(checkRows(rows, facts, options))
    const taken = takenIdentity(rows, facts)
    const fresh = rows.filter(({ vmx }) => vmx === undefined)
    const present = rows.filter(({ vmx }) => vmx !== undefined)
    const to = targetDirectory(options) ?? '.'
    const results = new Results(run, { rows, to, digest: await loadDigester(options.digest) })
    try {
      if (fresh.length > 0 && template !== undefined) {
        const job = { run, template, to, clone, rows: fresh, results, taken, scripts }
        await (apply ? makeClones(job) : planClones(job))
      }
      if (present.length > 0) await fixRows({ run, rows: present, results }, apply)
    } catch (error) {
      throw apply ? withCount(error, results, rows) : error
    }
    return {
      clones: results.clones,
      hosts: results.hosts ?? hostsOfBatch(rows),
      notices: run.notices,
      ...(results.sweep === undefined ? {} : { sweep: results.sweep }),
      ...(template === undefined ? {} : { template, clone }),
      vmnets: facts.vmnets,
      seconds: run.seconds,
      timings: run.timings,
    }
  })
}

/** An interruption says what was finished before it, and what has gone wrong with VMs that were there before. */
function withCount(error: unknown, { finished, failures }: Results, rows: readonly BatchRow[]): unknown {
  if (!(error instanceof VmcloneError && error.code === 'INTERRUPTED')) return error
  const made = rows.some(({ vmx }) => vmx === undefined)
  const fixed = rows.some(({ vmx }) => vmx !== undefined)
  const others = [made ? 'gone' : [], fixed ? 'as they were' : []].flat().join(' or ')
  const failed = failures.length === 0 ? '' : `, ${failures.length} failed`
  const present = failures.filter(({ row }) => row.vmx !== undefined)
  return new VmcloneError(
    'INTERRUPTED',
    `interrupted; ${finished} of ${rows.length} clones are finished${failed}`,
    {
      hint: [
        ...present.map(({ row, error: { message, hint } }) => `${row.name} failed: ${message}. ${hint}`),
        `The finished ones stay, the others are ${others}; the same command${made ? ' with --resume' : ''} does the rest.`,
      ].join(' '),
      cause: error,
    },
  )
}
