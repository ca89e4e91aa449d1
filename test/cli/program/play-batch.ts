// Plays the events of a batch to its progress on stderr, for tests that look at the screen.
// Arguments: clones, clones at a time, milliseconds for each step, "quiet", "verbose" or "usual".
import { setTimeout as sleep } from 'node:timers/promises'
import { startBatchProgress } from '../../../src/cli/progress/batch.ts'
import { VmcloneError } from '../../../src/errors/index.ts'
import type { CloneStep } from '../../../src/events.ts'

const [total, jobs, pace] = process.argv.slice(2, 5).map(Number) as [number, number, number]
const how = process.argv[5]

const progress = await startBatchProgress({
  terminal: { stdout: process.stdout, stderr: process.stderr, environment: process.env, cwd: '/' },
  quiet: how === 'quiet',
  verbose: how === 'verbose',
  total,
})

function tell(index: number, step: CloneStep): void {
  const name = index === 2 ? '節點三號\u001b[2J\u202e' : `node${index}`
  const error = new VmcloneError(
    'DISK_MISSING',
    `the disk ${'of\u001b[31m the template '.repeat(3)}is not there`,
  )
  progress.onEvent({
    type: 'clone',
    vmx: `vms/${index}.vmx`,
    name,
    step,
    ...(step === 'failed' ? { error } : {}),
  })
}

for (const stage of ['check', 'launch', 'read', 'plan'] as const) {
  progress.onEvent({ type: 'stage', vmx: 'base.vmx', stage })
  await sleep(pace)
}
let next = 0
async function work(): Promise<void> {
  while (next < total) {
    const index = ++next
    for (const step of ['waiting', 'copying', 'editing', 'stamping'] as const) {
      tell(index, step)
      await sleep(pace)
    }
    tell(index, index % 7 === 2 ? 'failed' : 'done')
  }
}
await Promise.all(Array.from({ length: jobs }, work))
await progress.end(true)
process.stdout.write('the report\n')
