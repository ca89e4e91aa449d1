import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeRecord } from '../../../src/transaction/record.ts'
import { readFacts } from '../../../src/workflow/batch/neighbours.ts'
import type { BatchRow } from '../../../src/workflow/batch/types.ts'

let root: string
let base: string

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'batch-')))
  base = await put('base', 'base.vmx', '01')
})

afterEach(() => rm(root, { recursive: true, force: true }))

async function put(directory: string, file: string, last: string): Promise<string> {
  await mkdir(join(root, directory), { recursive: true })
  const path = join(root, directory, file)
  const lines = [
    `displayName = "${directory} VM"`,
    'ethernet0.present = "TRUE"',
    'ethernet0.addressType = "static"',
    `ethernet0.address = "00:50:56:00:00:${last}"`,
    `uuid.bios = "56 4d 00 00 00 00 00 00-00 00 00 00 00 00 00 ${last}"`,
  ]
  await writeFile(path, `${lines.join('\n')}\n`)
  return path
}

const row = (vmx?: string): BatchRow => ({
  name: 'a',
  line: 2,
  request: { nics: [], hosts: [], enable: [], disable: [] },
  ...(vmx === undefined ? {} : { vmx }),
})

test('every VM beside the template is read, whatever else lies there', async () => {
  await put('one', 'x.vmx', '02')
  await put('two', 'two.VMX', '03')
  await put('.vmclone-fix', 'half.vmx', '04')
  await mkdir(join(root, 'broken/broken.vmx'), { recursive: true })
  await symlink('/nowhere', join(root, 'dangling'))
  await writeFile(join(root, 'notes.txt'), '')
  const facts = await readFacts({ rows: [row()], template: base })
  expect(facts.template).toMatchObject({
    vmx: base,
    displayName: 'base VM',
    uuid: '564d0000-0000-0000-0000-000000000001',
    nics: [{ device: 'ethernet0', mac: '00:50:56:00:00:01' }],
  })
  expect(facts.templateDirectory).toBe('base')
  expect(facts.to).toBe(root)
  expect([...facts.entries].sort()).toEqual([
    '.vmclone-fix',
    'base',
    'broken',
    'dangling',
    'notes.txt',
    'one',
    'two',
  ])
  expect(facts.neighbours.map(({ directory, displayName }) => [directory, displayName]).sort()).toEqual([
    ['one', 'one VM'],
    ['two', 'two VM'],
  ])
})

test('addresses and host names come from the record of what was given to a VM', async () => {
  const vmx = await put('one', 'one.vmx', '02')
  await put('two', 'two.vmx', '03')
  await writeRecord(join(root, 'one'), vmx, {
    ...{ uuid: 'new', macs: {}, addresses: { ethernet0: '192.168.8.11' }, machineId: 'new', sshKeys: 'keep' },
    ...{ hostname: 'web1.lab.test', replacedKeys: [], vmxfId: '0'.repeat(32), generationId: '0'.repeat(32) },
  })
  const { neighbours } = await readFacts({ rows: [row()], template: base })
  expect(
    neighbours.map(({ directory, addresses, hostnames }) => [directory, addresses, hostnames]).sort(),
  ).toEqual([
    ['one', ['192.168.8.11'], ['web1', 'web1.lab.test']],
    ['two', [], []],
  ])
})

test('VMs that rows name are read by themselves, and told if they cannot be', async () => {
  const one = row(await put('one', 'one.vmx', '02'))
  const gone = row(join(root, 'gone.vmx'))
  const facts = await readFacts({ rows: [one, gone], to: root })
  expect(facts.template).toBeUndefined()
  expect(facts.existing.get(one)).toMatchObject({ displayName: 'one VM' })
  expect(facts.existing.get(gone)).toMatchObject({ fault: { message: expect.stringContaining('gone.vmx') } })
  expect(facts.neighbours.map(({ directory }) => directory)).toEqual(['base'])
})

test('a directory that does not exist yet holds nothing', async () => {
  const facts = await readFacts({ rows: [row()], template: base, to: join(root, 'new/vms') })
  expect([facts.entries.size, facts.neighbours]).toEqual([0, []])
})

test('a template is needed for a row without a VM, and must be there', async () => {
  await expect(readFacts({ rows: [row()] })).rejects.toMatchObject({ code: 'BAD_OPTION' })
  await expect(readFacts({ rows: [row()], template: join(root, 'no.vmx') })).rejects.toMatchObject({
    code: 'VMX_NOT_FOUND',
  })
  await expect(readFacts({ rows: [row()], template: base, to: base })).rejects.toThrow('is no directory')
})
