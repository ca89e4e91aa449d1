import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { type BatchRun, NETWORK, runBatch, writeTable } from '../support/batch.ts'
import { buildGuest, vmxValues } from '../support/guest.ts'
import { buildLayoutTemplates } from '../support/layout-templates.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { makeStorageGuest, readMarks, type StorageMarks } from '../support/storage-guest.ts'

const MIB = 1024 * 1024
const directory = scratchDirectory()
let template: StorageMarks
let planned: BatchRun
let made: BatchRun
const clones: StorageMarks[] = []

beforeAll(async () => {
  const source = await makeStorageGuest(await buildGuest('dhcp'), join(directory, 'base'))
  template = source.marks
  const table = await writeTable(join(directory, 'table.csv'), ['node1', 'node2'])
  const args = [table, '--template', source.vmx, '--to', join(directory, 'vms'), ...NETWORK]
  const seeded = [...args, '--enable', 'storage-uuids,disk-uuid', '--seed', 'lab']
  planned = await runBatch([...seeded, '--dry-run'])
  made = await runBatch([...seeded, '--verify'])
  for (const { vmx } of made.clones) clones.push(await readMarks(vmx))
})

test('clones of a batch are edited, read back, and have ids of their own', () => {
  expect(made).toMatchObject({
    exit: 0,
    clones: [
      { how: 'edited', readBack: true },
      { how: 'edited', readBack: true },
    ],
  })
  expect(clones).toHaveLength(2)
  for (const key of ['root', 'swap', 'signature', 'disk'] as const)
    expect(new Set([template, ...clones].map((marks) => marks[key])).size).toBe(3)
})

test('they are those of the plan: the same for the same seed', () => {
  for (const [index, marks] of clones.entries()) {
    const diffs = planned.clones[index]?.changes.map(({ diff }) => diff).join('') ?? ''
    for (const key of ['root', 'swap', 'signature'] as const)
      expect(diffs).toContain(`\n-${template[key]}\n+${marks[key]}\n`)
  }
})

describe('linked clones of a template on LVM over two disks', () => {
  const NAMES = ['node1', 'node2', 'node3']
  let template: LvmIds
  let batch: BatchRun
  const ids: LvmIds[] = []

  beforeAll(async () => {
    const vmx = (await buildLayoutTemplates(directory, ['lvm'])).get('lvm') ?? ''
    template = await lvmIds(vmx)
    const table = await writeTable(join(directory, 'lvm.csv'), NAMES)
    const args = [table, '--template', vmx, '--to', join(directory, 'on-lvm'), '--clone', 'linked']
    batch = await runBatch([...args, ...NETWORK, '--enable', 'storage-uuids', '--verify'])
    for (const clone of batch.clones) ids.push(await lvmIds(clone.vmx))
  })

  test('are edited, and read back', () => {
    expect(batch, batch.stderr).toMatchObject({ exit: 0 })
    const each = { status: 'fixed', how: 'edited', readBack: true }
    expect(batch.clones).toMatchObject(NAMES.map((name) => ({ name, ...each })))
  })

  test('have volumes, a group and file systems with ids of their own, and the template has its old ones', async () => {
    const all = [template, ...ids].map(({ volumes, group, xfs }) => [...volumes, group, ...xfs])
    expect(all.map((one) => one.length)).toEqual(Array(4).fill(5))
    expect(new Set(all.flat()).size).toBe(20)
    expect(await lvmIds(join(directory, 'lvm', 'template.vmx'))).toEqual(template)
  })

  test('are as the report says', () => {
    for (const [index, { volumes, group, xfs }] of ids.entries()) {
      const diffs = batch.clones[index]?.changes.map(({ diff }) => diff).join('') ?? ''
      for (const id of [...volumes, group, ...xfs]) expect(diffs).toContain(`\n+${id}\n`)
    }
  })
})

interface LvmIds {
  /** Of the physical volumes. */
  readonly volumes: readonly string[]
  readonly group: string
  /** Of the file systems on the logical volume and of /boot. */
  readonly xfs: readonly string[]
}

/** What stands on a VM's disks, read without LVM or an appliance: labels of physical volumes, the group's metadata, superblocks of XFS. */
async function lvmIds(vmx: string): Promise<LvmIds> {
  const values = await vmxValues(vmx)
  const volumes = new Set<string>()
  const groups = new Map<number, string>()
  const xfs = new Set<string>()
  for (const index of [0, 1]) {
    const raw = join(directory, 'ids.raw')
    const disk = join(dirname(vmx), values.get(`scsi0:${index}.filename`) ?? '')
    await execa('qemu-img', ['convert', '-f', 'vmdk', '-O', 'raw', disk, raw])
    const bytes = await readFile(raw)
    await rm(raw)
    for (const at of placesOf(bytes, 'LABELONE')) {
      // The label, and behind it the area of the group's metadata, which holds older states too.
      const text = bytes.toString('latin1', at, at + MIB)
      for (const [, id = ''] of text.matchAll(/^LABELONE.{16}LVM2 001(\w{32})/gs)) volumes.add(dashed(id))
      for (const [, id = '', number] of text.matchAll(/rl-a \{\nid = "([\w-]{38})"\nseqno = (\d+)/g))
        groups.set(Number(number), id)
    }
    for (const at of placesOf(bytes, 'XFSB\0\0\x10\0')) xfs.add(uuidAt(bytes, at + 32))
  }
  const group = groups.get(Math.max(...groups.keys())) ?? ''
  return { volumes: [...volumes].sort(), group, xfs: [...xfs].sort() }
}

/** Where sectors begin with a text. */
function placesOf(bytes: Buffer, text: string): number[] {
  const places: number[] = []
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1))
    if (at % 512 === 0) places.push(at)
  return places
}

function dashed(id: string): string {
  return id.replace(/^(.{6})(.{4})(.{4})(.{4})(.{4})(.{4})(.{6})$/, '$1-$2-$3-$4-$5-$6-$7')
}

function uuidAt(bytes: Uint8Array, at: number): string {
  const hex = Buffer.from(bytes.subarray(at, at + 16)).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
