import { readFileSync } from 'node:fs'
import { sparseHeader, splitDescriptor } from '../support/disks.ts'
import type { Place, Refusal } from '../support/refusal.ts'

/** A VM whose disk has this descriptor, from fixtures/vmdk/refused or as it is written. */
const withDisk =
  (disk: string) =>
  (place: Place): string[] => [
    place.vm([], {
      disk: disk.includes('\n') ? disk : readFileSync(`fixtures/vmdk/refused/${disk}.vmdk`, 'latin1'),
    }),
  ]

/** A VM whose disk stands on another one. */
const onParent =
  (hint: string, parent?: string) =>
  (place: Place): string[] => {
    if (parent !== undefined) place.put(`node1/${hint}`, parent)
    return withDisk(splitDescriptor('disk-s001.vmdk', { parentCid: '22222222', hint }))(place)
  }

/** Virtual disks. */
export const DISK: readonly Refusal[] = [
  {
    code: 'DISK_MISSING',
    when: 'the .vmx names one that is not there',
    request: (place) => [place.vm(['sata0:1.present = "TRUE"', 'sata0:1.fileName = "data.vmdk"'])],
    names: ['data.vmdk'],
    hint: 'data.vmdk',
  },
  {
    code: 'DISK_MISSING',
    when: 'an extent is not there',
    request: withDisk(splitDescriptor('gone-s001.vmdk')),
    names: ['gone-s001.vmdk'],
  },
  {
    code: 'DISK_MISSING',
    when: 'the parent is not there',
    request: onParent('base.vmdk'),
    names: ['base.vmdk', 'disk.vmdk'],
  },
  {
    code: 'DISK_MISSING',
    when: 'the VM has none',
    request: (place) => [place.put('bare/bare.vmx', 'config.version = "8"\n')],
    names: ['bare.vmx'],
    hint: 'scsi',
  },
  {
    code: 'DISK_MALFORMED',
    when: 'it is no VMDK',
    request: withDisk('not-a-descriptor'),
    names: ['disk.vmdk'],
  },
  {
    code: 'DISK_MALFORMED',
    when: 'the content id is missing',
    request: withDisk(splitDescriptor('disk-s001.vmdk', { cid: '' })),
    names: ['disk.vmdk', 'CID'],
  },
  {
    code: 'DISK_TYPE_UNSUPPORTED',
    when: 'it is streamOptimized',
    request: withDisk('stream-optimized'),
    names: ['disk.vmdk', 'streamOptimized'],
    hint: /qemu-img convert .*disk\.vmdk/,
  },
  {
    code: 'DISK_TYPE_UNSUPPORTED',
    when: 'its type is not known',
    request: withDisk('unknown-type'),
    names: ['disk.vmdk'],
    hint: 'vmware-vdiskmanager',
  },
  {
    code: 'DISK_RAW_DEVICE',
    when: 'it is a device',
    request: withDisk('full-device'),
    names: ['disk.vmdk', 'fullDevice'],
  },
  {
    code: 'DISK_RAW_DEVICE',
    when: 'the .vmx names a device',
    request: (place) => [
      place.vm([
        'sata0:1.present = "TRUE"',
        'sata0:1.fileName = "/dev/sdb"',
        'sata0:1.deviceType = "rawDisk"',
      ]),
    ],
    names: ['node1.vmx', '/dev/sdb'],
  },
  {
    code: 'DISK_EXTENT_UNSUPPORTED',
    when: 'it has a ZERO extent',
    request: withDisk('zero-extent'),
    names: ['disk.vmdk', 'ZERO'],
  },
  {
    code: 'DISK_OUTSIDE',
    when: 'the .vmx names the disk of another VM',
    request: (place) => {
      place.vm([], { name: 'base' })
      return [place.vm(['sata0:1.present = "TRUE"', 'sata0:1.fileName = "../base/disk.vmdk"'])]
    },
    names: ['../base/disk.vmdk'],
    hint: 'Copy',
  },
  {
    code: 'DISK_OUTSIDE',
    when: 'an extent lies elsewhere',
    request: (place) => {
      place.put('base/disk-s001.vmdk', sparseHeader(131072))
      return withDisk(splitDescriptor('../base/disk-s001.vmdk'))(place)
    },
    names: ['base/disk-s001.vmdk'],
  },
  {
    code: 'DISK_TRUNCATED',
    when: 'a flat extent is cut off',
    request: (place) => {
      place.put('node1/disk-flat.vmdk', new Uint8Array(1024))
      const text = readFileSync('fixtures/vmdk/flat.vmdk', 'latin1')
      return [place.vm([], { disk: text })]
    },
    names: ['disk-flat.vmdk', '1024 bytes', '67108864'],
  },
  {
    code: 'DISK_TRUNCATED',
    when: 'a sparse extent ends before a grain table',
    request: (place) => {
      const extent = sparseHeader(131072)
      extent.writeUInt32LE(128, 21 * 512)
      const request = withDisk(splitDescriptor('cut-s001.vmdk'))(place)
      place.put('node1/cut-s001.vmdk', extent)
      return request
    },
    names: ['cut-s001.vmdk', '65536 bytes', '67584'],
  },
  {
    code: 'DISK_PARENT_MISMATCH',
    when: 'the parent was written to',
    request: onParent('base.vmdk', splitDescriptor('disk-s001.vmdk', { cid: '33333333' })),
    names: ['base.vmdk', '22222222', '33333333'],
  },
  {
    code: 'DISK_CHAIN_INVALID',
    when: 'it comes back to itself',
    request: onParent(
      'base.vmdk',
      splitDescriptor('disk-s001.vmdk', { cid: '22222222', parentCid: '11111111', hint: 'disk.vmdk' }),
    ),
    names: ['disk.vmdk'],
  },
  {
    code: 'DISK_HAS_CHILDREN',
    when: 'a snapshot stands on it',
    request: (place) => {
      place.put(
        'node1/disk-000001.vmdk',
        splitDescriptor('disk-000001-s001.vmdk', { parentCid: '11111111', hint: 'disk.vmdk' }),
      )
      return [place.vm()]
    },
    names: ['disk.vmdk', 'disk-000001.vmdk'],
  },
  {
    code: 'DISK_SHARED',
    when: 'a .vmx beside it names it too',
    request: (place) => {
      place.put('node1/other.vmx', 'config.version = "8"\nscsi0:0.fileName = "disk.vmdk"\n')
      return [place.vm()]
    },
    names: ['disk.vmdk', 'other.vmx'],
  },
  {
    code: 'DISK_REDO_PENDING',
    when: 'the .vmx names a redo log',
    request: (place) => [place.vm(['scsi0:0.redo = "disk.vmdk.REDO_a1b2"'])],
    names: ['node1.vmx', 'scsi0:0', 'REDO_a1b2'],
  },
]
