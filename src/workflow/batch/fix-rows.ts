import { asVmcloneError } from '../../errors/index.ts'
import type { AskKey } from '../../guest/storage/keys.ts'
import { fix, planFix } from '../fix.ts'
import type { Run } from '../run.ts'
import { defaultJobs, eachOf } from './groups.ts'
import { hostsOfBatch } from './hosts.ts'
import type { Results } from './results.ts'
import type { BatchOptions, BatchRow } from './types.ts'

/** Fixes clones that are there already, each in an appliance of its own: they may come from anywhere. Several at a time. */
export async function fixRows(
  job: { readonly run: Run<BatchOptions>; readonly rows: readonly BatchRow[]; readonly results: Results },
  apply: boolean,
): Promise<void> {
  const { run, results } = job
  const { jobs = defaultJobs(), onEvent: _, rows, hosts = 'all', askKey, ...options } = run.options
  const hostsBlock = hostsOfBatch(rows)
  await eachOf(job.rows, jobs, async (row) => {
    run.throwIfAborted()
    results.step(row, 'editing')
    try {
      const request = hosts === 'all' ? { ...row.request, hostsBlock } : row.request
      const vmx = results.vmxOf(row)
      const ask: AskKey = async (volume, attempt) => askKey?.({ ...volume, vmx }, attempt)
      const given = { ...options, vmx, request, ...(askKey === undefined ? {} : { askKey: ask }) }
      const { name: _name, ...report } = await (apply ? fix(given) : planFix(given))
      results.end(row, { ...report, ...(report.status === 'fixed' ? { how: 'edited' as const } : {}) })
    } catch (thrown) {
      const error = asVmcloneError(thrown)
      if (error.code === 'INTERRUPTED') run.throwIfAborted()
      // What has gone wrong by itself is told also where the run ends: the VM need not be as it was.
      results.failed(row, error)
    }
  })
}
