import { VmcloneError } from '../../errors/index.ts'
import { devices } from './devices.ts'
import type { VmxDocument } from './document.ts'

/** A hard disk as the .vmx names it; nothing of it was opened. */
export interface DiskEntry {
  /** "scsi0:0" */
  readonly node: string
  /** As written: relative to the .vmx, or absolute for this or another host. */
  readonly fileName: string
  /** "persistent", "independent-nonpersistent", … in lower case. */
  readonly mode: string
}

const BUSES = ['ide', 'scsi', 'sata', 'nvme']
const HARD_DISK_TYPES = ['', 'disk', 'plaindisk', 'rawdisk', 'scsi-harddisk', 'ata-harddisk']
const RAW_NAME = /^\/dev\/|^\\\\\.\\|-rdmp?\.vmdk$/i

/** The present hard disks: ide, scsi, sata, nvme, each by number. Throws DISK_RAW_DEVICE and DISK_REDO_PENDING. */
export function readDisks(vmx: VmxDocument): DiskEntry[] {
  return BUSES.flatMap((bus) => devices(vmx, new RegExp(`^${bus}\\d+:\\d+$`)))
    .filter((node) => isHardDisk(vmx, node))
    .map((node) => readDisk(vmx, node))
}

function isHardDisk(vmx: VmxDocument, node: string): boolean {
  const controller = node.slice(0, node.indexOf(':'))
  if (!vmx.isTrue(`${node}.present`) || vmx.isFalse(`${controller}.present`)) return false
  const type = vmx.get(`${node}.deviceType`)?.toLowerCase() ?? ''
  const fileName = vmx.get(`${node}.fileName`) ?? ''
  return (
    HARD_DISK_TYPES.includes(type) &&
    (/\.vmdk$/i.test(fileName) || type === 'rawdisk' || RAW_NAME.test(fileName))
  )
}

function readDisk(vmx: VmxDocument, node: string): DiskEntry {
  const fileName = vmx.get(`${node}.fileName`) ?? ''
  const redo = vmx.get(`${node}.redo`)
  if (vmx.get(`${node}.deviceType`)?.toLowerCase() === 'rawdisk' || RAW_NAME.test(fileName))
    throw new VmcloneError(
      'DISK_RAW_DEVICE',
      `${vmx.file}: ${node} is the raw device ${JSON.stringify(fileName)}`,
    )
  if (redo)
    throw new VmcloneError(
      'DISK_REDO_PENDING',
      `${vmx.file}: ${node} has the pending redo log ${JSON.stringify(redo)}`,
    )
  return { node, fileName, mode: vmx.get(`${node}.mode`)?.toLowerCase() || 'persistent' }
}
