import { describe, expect, test } from 'vitest'
import { Run } from '../../src/workflow/run.ts'

/** Computes as planning many clones does, for milliseconds. */
async function compute(run: Run<{ signal: AbortSignal }>, milliseconds: number): Promise<void> {
  for (const end = performance.now() + milliseconds; performance.now() < end; ) await run.pause()
}

describe('a run that computes long', () => {
  test('lets others have their turn, and ends when one of them interrupts it', async () => {
    const controller = new AbortController()
    const run = new Run({ signal: controller.signal }, { vmx: 'vm.vmx' })
    setTimeout(() => controller.abort(), 10)
    await expect(compute(run, 10_000)).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})
