import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type BatchRun, NETWORK, runBatch, writeTable } from '../support/batch.ts'
import { buildGuest } from '../support/guest.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { makeStorageGuest, readMarks, type StorageMarks } from '../support/storage-guest.ts'

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
