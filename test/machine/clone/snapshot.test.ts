import { expect, test } from 'vitest'
import { currentSnapshot } from '../../../src/machine/clone/snapshot.ts'
import { vmxOf } from '../../support/vmx.ts'

const TWO = [
  '.encoding = "GBK"',
  'snapshot.lastUID = "4"',
  'snapshot.current = "3"',
  'snapshot0.uid = "1"',
  'snapshot0.disk0.fileName = "x.vmdk"',
  'snapshot0.disk0.node = "scsi0:0"',
  'snapshot.numSnapshots = "2"',
  'Snapshot10.UID = "3"',
  'snapshot10.displayName = "\xc4\xa3\xb0\xe5"',
  'snapshot10.parent = "1"',
  'snapshot10.disk0.fileName = "x-000001.vmdk"',
  'snapshot10.disk0.node = "SCSI0:0"',
  'snapshot10.disk1.fileName = "y.vmdk"',
  'snapshot10.disk1.node = "sata0:1"',
  'snapshot1.disk1.fileName = "z.vmdk"',
  'snapshot1.disk1.node = "sata0:2"',
].join('\r\n')

test('the one that the current state comes from, by its uid', () => {
  const snapshot = currentSnapshot(vmxOf(TWO))
  expect(snapshot).toMatchObject({ uid: '3', name: '模板' })
  expect([...(snapshot?.disks ?? [])]).toEqual([
    ['scsi0:0', 'x-000001.vmdk'],
    ['sata0:1', 'y.vmdk'],
  ])
})

test.each([
  ['an empty .vmsd', ''],
  ['one without snapshots', '.encoding = "UTF-8"\nsnapshot.current = "0"\nsnapshot0.uid = "0"\n'],
  ['one whose current snapshot is not listed', 'snapshot.current = "7"\nsnapshot0.uid = "1"\n'],
  ['a linked clone’s', 'cloneOf0 = "/a.vmx"\nnumCloneOf = "1"\n'],
])('%s has none', (_, text) => {
  expect(currentSnapshot(vmxOf(text))).toBeUndefined()
})
