import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { writeRecord } from '../../../src/transaction/record.ts'
import { batch, planBatch } from '../../../src/workflow/batch/batch.ts'
import { useDirectory } from '../../support/disks.ts'
import { makeTemplate } from '../../support/template.ts'
import { row } from './facts.ts'

const directory = useDirectory()
const rows = [row(2, 'node1', { ip: '192.168.8.11' }), row(3, 'node2', { ip: '192.168.8.12' })]

let template: string
let to: string

beforeEach(async () => {
  template = await makeTemplate(join(directory(), 'base'), { vmx: ['ethernet0.present = "TRUE"'] })
  to = join(directory(), 'vms')
  for (const { name, request } of rows) await make(name, request.nics[0]?.ip ?? '')
})

/** A clone as an earlier run would have left it, but for its disk. */
async function make(name: string, address: string, vmsd = ''): Promise<void> {
  const home = join(to, name)
  await mkdir(home, { recursive: true })
  const vmx = join(home, `${name}.vmx`)
  await writeFile(vmx, 'ethernet0.present = "TRUE"\n')
  await writeFile(join(home, `${name}.vmsd`), vmsd)
  await writeRecord(home, vmx, {
    uuid: 'new',
    macs: {},
    addresses: { ethernet0: address },
    machineId: 'new',
    sshKeys: 'keep',
    replacedKeys: [],
    hostname: `${name}.example.org`,
    vmxfId: '0'.repeat(32),
    generationId: '0'.repeat(32),
  })
}

const options = (more: object = {}) => ({ rows, template, to, resume: true, ...more })

test('a dry run with resume plans nothing for clones that would be kept', async () => {
  const { clones } = await planBatch(options())
  expect(clones.map(({ name, status, kept }) => [name, status, kept])).toEqual([
    ['node1', 'unchanged', true],
    ['node2', 'unchanged', true],
  ])
  expect((await readdir(to)).sort()).toEqual(['node1', 'node2'])
})

test('a dry run with resume refuses what the run would refuse', async () => {
  const moved = [row(2, 'node1', { ip: '192.168.8.99' })]
  await expect(planBatch(options({ rows: moved }))).rejects.toMatchObject({
    code: 'TABLE_INVALID',
    faults: [{ line: 2, column: 'ip' }],
  })
})

test('the hosts lines of kept clones name their domain, whatever else the table names by now', async () => {
  const { hosts } = await batch(options({ rows: rows.slice(1) }))
  expect(hosts).toEqual([{ address: '192.168.8.12', names: ['node2.example.org', 'node2'] }])
})

test('clones of another kind are not kept under the name of the one that is asked for', async () => {
  await expect(batch(options({ clone: 'linked' }))).rejects.toMatchObject({
    code: 'BAD_OPTION',
    message: expect.stringContaining('node1 is a clone with disks of its own'),
  })
  expect((await batch(options({ clone: 'reflink' }))).clones).toHaveLength(2)
  await make('node2', '192.168.8.12', 'cloneOf0 = "/vms/base/base.vmx"\n')
  await expect(batch(options())).rejects.toMatchObject({
    code: 'BAD_OPTION',
    message: expect.stringContaining('node2 is a linked clone'),
  })
})
