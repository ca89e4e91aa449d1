import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Stage } from '../../src/events.ts'
import { fix } from '../../src/workflow/fix.ts'
import { buildGuest, copyVm } from '../support/guest.ts'
import { scratchDirectory } from '../support/scratch.ts'

const NAME = 'node-of-the-committed-test'
const scratch = scratchDirectory()

/** Writes other bytes over a host name wherever it stands in a file, as a program could that has the disk open too. */
function overwrite(file: string): number {
  const bytes = readFileSync(file)
  let count = 0
  for (let at = bytes.indexOf(NAME); at >= 0; at = bytes.indexOf(NAME, at + NAME.length), count++)
    bytes.write('other', at, 'latin1')
  writeFileSync(file, bytes)
  return count
}

test('a disk that somebody writes to after the commit is found out by --verify', async () => {
  const vmx = await copyVm((await buildGuest('dhcp')).template, join(scratch, 'clone'))
  const stages: Stage[] = []
  let overwritten = 0
  const fixing = fix({
    vmx,
    request: { nics: [], hosts: [], enable: [], disable: [], hostname: NAME },
    verify: true,
    environment: process.env,
    onEvent: (event) => {
      if (event.type !== 'stage') return
      if (event.stage === 'verify' && stages.includes('commit'))
        overwritten = overwrite(join(dirname(vmx), 'template-s001.vmdk'))
      stages.push(event.stage)
    },
  })
  await expect(fixing).rejects.toMatchObject({
    code: 'COMMITTED_MISMATCH',
    message: expect.stringMatching(/^\/etc\/host\S+ is not as it was written: .* instead of /),
  })
  expect(overwritten).toBeGreaterThan(0)
  expect(readFileSync(vmx, 'latin1')).toContain('uuid.bios')
})
