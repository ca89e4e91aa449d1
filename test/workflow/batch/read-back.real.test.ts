import { readdirSync, truncateSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { batch } from '../../../src/workflow/batch/batch.ts'
import type { BatchReport } from '../../../src/workflow/batch/types.ts'
import { buildLayoutTemplates } from '../../support/layout-templates.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { row } from './facts.ts'

const scratch = scratchDirectory()
const environment = { ...process.env, LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
const NAMES = ['one', 'two', 'six']
let template: string

beforeAll(async () => {
  template = (await buildLayoutTemplates(scratch, ['blocks-1k'])).get('blocks-1k') ?? ''
})

/** Makes clones, and cuts the disks of some off as soon as clones are to be read back. */
async function cutOff(
  to: string,
  names: readonly string[],
  more: { stamp?: boolean; verify?: boolean },
): Promise<BatchReport> {
  let cut = false
  return batch({
    ...{ template, to, clone: 'linked', environment, ...more },
    rows: NAMES.map((name, index) => row(index + 2, name, {}, { sshKeys: 'keep' })),
    onEvent: (event) => {
      if (event.type !== 'clone' || event.step !== 'checking' || cut) return
      cut = true
      for (const name of names) {
        const working =
          readdirSync(to).find((one) => /^\.vmclone-fix-\w+-(.*)$/.exec(one)?.[1] === name) ?? ''
        truncateSync(join(to, working, `${name}.vmdk`), 100)
      }
    },
  })
}

test('stamped clones that cannot be opened any more: they and those like them are edited instead, and it is told once', async () => {
  const to = join(scratch, 'stamped')
  const { clones, notices } = await cutOff(to, ['two', 'six'], { verify: true })
  expect(notices.filter(({ code }) => code === 'stamp-rejected')).toMatchObject([
    {
      code: 'stamp-rejected',
      message: expect.stringMatching(/^two was stamped and did not come out as planned: /),
    },
  ])
  const each = { status: 'fixed', how: 'edited', readBack: true }
  expect(clones).toMatchObject(NAMES.map((name) => ({ name, ...each })))
})

test('an edited clone that cannot be opened any more has failed, and the others have not', async () => {
  const to = join(scratch, 'edited')
  const { clones } = await cutOff(to, ['two'], { stamp: false, verify: true })
  expect(clones.map(({ name, status }) => [name, status])).toEqual([
    ['one', 'fixed'],
    ['two', 'failed'],
    ['six', 'fixed'],
  ])
  expect((await readdir(to)).sort()).toEqual(['.vmclone-fix-batch', 'one', 'six'])
})
