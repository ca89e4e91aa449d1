import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { batch } from '../../../src/workflow/batch/batch.ts'
import type { BatchRow } from '../../../src/workflow/batch/types.ts'
import { useDirectory } from '../../support/disks.ts'

const directory = useDirectory()

async function rowOf(name: string, line: number): Promise<BatchRow> {
  const home = join(directory(), name)
  await mkdir(home)
  await writeFile(join(home, `${name}.vmx`), `displayName = "${name}"\n`)
  return {
    name,
    line,
    request: { nics: [], hosts: [], enable: [], disable: [] },
    vmx: join(home, `${name}.vmx`),
  }
}

test('a batch that fixes clones in place and is interrupted says how many are finished, not that nothing happened', async () => {
  const rows = [await rowOf('one', 2), await rowOf('two', 3)]
  const controller = new AbortController()
  const { signal } = controller
  const ended = batch({
    rows,
    jobs: 1,
    signal,
    onEvent: ({ type }) => type === 'clone' && controller.abort(),
  })
  await expect(ended).rejects.toMatchObject({
    code: 'INTERRUPTED',
    message: 'interrupted; 0 of 2 clones are finished',
    hint: 'The finished ones stay, the others are as they were; the same command does the rest.',
  })
})

test('what failed by itself while it was interrupted is told', async () => {
  const rows = [await rowOf('one', 2), await rowOf('two', 3)]
  const controller = new AbortController()
  const { signal } = controller
  const failed: unknown[] = []
  const ended = batch({
    rows,
    jobs: 2,
    signal,
    onEvent(event) {
      if (event.type !== 'clone') return
      if (event.name === 'two') controller.abort()
      if (event.step === 'failed') failed.push([event.name, event.error?.code])
    },
  })
  await expect(ended).rejects.toMatchObject({
    code: 'INTERRUPTED',
    message: 'interrupted; 0 of 2 clones are finished, 1 failed',
    hint: expect.stringMatching(/^one failed: .*The finished ones stay, the others are as they were; /),
  })
  expect(failed).toEqual([['one', 'VMX_MALFORMED']])
})
