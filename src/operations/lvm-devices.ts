import { NOTHING, type Operation } from './operation.ts'

const FILE = '/etc/lvm/devices/system.devices'
/** What VMware makes of a disk's ddb.uuid, or of an NVMe disk's: a copy of the disk may show another. */
const VMWARE_DISK = /^[^#\n]*\bIDTYPE=(?:sys_wwid|sys_serial)\s+IDNAME=\S*(?:6000c29|nvme\.15ad|vmware)/im

export const lvmDevices: Operation = {
  name: 'lvm-devices',
  heading: 'Say where LVM knows disks by ids that a copy may not have',
  description:
    'Changes nothing. If /etc/lvm/devices/system.devices names VMware disks by their WWID or serial number, says that LVM finds no volumes in a clone whose disks got new ids, as they do when VMware copies them and the VM shows disk ids (disk.EnableUUID).',
  default: true,
  reads: [FILE],
  plan({ guest: { tree } }) {
    if (!VMWARE_DISK.test(tree.text(FILE) ?? '')) return NOTHING
    const notice = {
      code: 'lvm-devices',
      message: `${FILE} names disks by ids of VMware; if the clone's disks got new ones, LVM does not use the disks.`,
      hint: 'If volume groups are missing in the clone, run `vgimportdevices -a` there, or delete the file.',
    } as const
    return { changes: [], notices: [notice] }
  },
}
