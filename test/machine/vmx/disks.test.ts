import { describe, expect, test } from 'vitest'
import { readDisks } from '../../../src/machine/vmx/disks.ts'
import { vmxFixture, vmxOf } from '../../support/vmx.ts'

describe('fixtures', () => {
  test.each([
    ['workstation.vmx', [['scsi0:0', 'node1.vmdk', 'persistent']]],
    [
      'windows-host.vmx',
      [
        ['sata0:1', 'D:\\VMs\\Büro\\server.vmdk', 'persistent'],
        ['sata0:10', 'data.vmdk', 'independent-nonpersistent'],
      ],
    ],
    ['chinese.vmx', [['nvme0:0', 'Ubuntu 64 位.vmdk', 'persistent']]],
    [
      'esxi.vmx',
      [
        ['scsi0:0', 'db01-000002.vmdk', 'persistent'],
        ['scsi1:2', 'log.vmdk', 'persistent'],
        ['scsi1:12', '/vmfs/volumes/5f2a/db01/data.vmdk', 'persistent'],
      ],
    ],
    ['by-hand.vmx', [['scsi0:0', 'disk.vmdk', 'persistent']]],
  ])('%s', (file, disks) => {
    expect(readDisks(vmxFixture(file)).map(({ node, fileName, mode }) => [node, fileName, mode])).toEqual(
      disks,
    )
  })
})

const disk = (node: string, fileName: string, more = '') =>
  `${node}.present = "TRUE"\n${node}.fileName = "${fileName}"\n${more && `${node}.${more}\n`}`

test('ide, scsi, sata, nvme, in that order', () => {
  const text = ['nvme0:0', 'sata0:0', 'scsi0:0', 'ide0:1', 'ide0:0'].map((node) =>
    disk(node, `${node[0]}.vmdk`),
  )
  expect(readDisks(vmxOf(text.join(''))).map(({ node }) => node)).toEqual([
    'ide0:0',
    'ide0:1',
    'scsi0:0',
    'sata0:0',
    'nvme0:0',
  ])
})

test.each([
  ['an IDE disk without deviceType', disk('ide0:0', 'a.vmdk'), 1],
  ['an IDE disk with it', disk('ide0:0', 'a.vmdk', 'deviceType = "ata-hardDisk"'), 1],
  ['upper case', disk('scsi0:0', 'A.VMDK', 'deviceType = "SCSI-HARDDISK"'), 1],
  ['a CD image', disk('ide1:0', 'a.iso', 'deviceType = "cdrom-image"'), 0],
  ['a CD drive', disk('ide1:0', 'auto detect', 'deviceType = "atapi-cdrom"'), 0],
  ['an empty CD', disk('sata0:1', 'emptyBackingString', 'deviceType = "atapi-cdrom"'), 0],
  ['no deviceType and an ISO', disk('sata0:1', 'a.iso'), 0],
  ['not present', 'scsi0:0.present = "FALSE"\nscsi0:0.fileName = "a.vmdk"\n', 0],
  ['present not said', 'scsi0:0.fileName = "a.vmdk"\n', 0],
  ['a controller that is not present', `scsi0.present = "FALSE"\n${disk('scsi0:0', 'a.vmdk')}`, 0],
])('%s', (_, text, count) => {
  expect(readDisks(vmxOf(text))).toHaveLength(count)
})

test.each([
  ['rawDisk', disk('scsi0:1', 'sdb.vmdk', 'deviceType = "rawDisk"'), 'DISK_RAW_DEVICE'],
  ['a device', disk('scsi0:1', '/dev/sdb'), 'DISK_RAW_DEVICE'],
  ['a Windows device', disk('scsi0:1', '\\\\.\\PhysicalDrive1'), 'DISK_RAW_DEVICE'],
  ['a raw device mapping', disk('scsi0:1', 'x-rdmp.vmdk'), 'DISK_RAW_DEVICE'],
  ['a redo log', disk('scsi0:1', 'x.vmdk', 'redo = "x.vmdk.REDO_a1"'), 'DISK_REDO_PENDING'],
])('%s is refused', (_, text, code) => {
  expect(() => readDisks(vmxOf(text))).toThrow(expect.objectContaining({ code, exit: 3 }))
})
