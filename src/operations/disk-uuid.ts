import { relative } from 'node:path'
import { renewedDiskUuid } from '../identity/storage-id.ts'
import type { Notice } from '../notices.ts'
import { type Change, idName } from '../transaction/change.ts'
import { NOTHING, type Operation } from './operation.ts'

const NAME = 'disk-uuid'

export const diskUuid: Operation = {
  name: NAME,
  heading: 'Give the VM’s disks a ddb.uuid of their own',
  description:
    'Replaces ddb.uuid in the descriptors of the VM’s disks. Where the VM shows disk ids to its guest (disk.EnableUUID), it is their serial number and WWID: /dev/disk/by-id/wwn-0x6000c29….',
  notes:
    'A disk without one stays without. The clones that a batch makes have their own in any case, and the disk of a linked clone shows its parent’s. What names a disk by its WWID in the guest (multipath, LVM’s devices file) is not changed.',
  default: false,
  reads: [],
  disks: 'descriptor',
  plan({ machine }, { storageSeed, storageIds = [] }) {
    if (machine === undefined) return NOTHING
    const changes: Change[] = []
    const notices: Notice[] = []
    for (const { chain } of machine.disks) {
      const { uuid: before, descriptorPath } = chain.leaf
      const path = relative(machine.directory, descriptorPath)
      if (before === undefined && chain.parents.some(({ uuid }) => uuid)) notices.push(parents(path))
      if (before === undefined || storageIds.includes(before)) continue
      const after = renewedDiskUuid(storageSeed, before)
      if (after === undefined) notices.push(unknown(path))
      else changes.push({ ...common, path, summary: `${idName(common)} ${before} → ${after}`, before, after })
    }
    return { changes, notices }
  },
}

const common = { at: 'descriptor', kind: 'id', operation: NAME, bearer: 'vmdk', format: 'vmdk' } as const

function parents(path: string): Notice {
  return { code: 'storage-id-left', message: `${path} shows the ddb.uuid of the disk that it stands on.` }
}

function unknown(path: string): Notice {
  return { code: 'storage-id-left', message: `The ddb.uuid of ${path} is none of VMware’s and stays.` }
}
