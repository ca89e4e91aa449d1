import type { ErrorEntry } from './index.ts'

/** Virtual disks: descriptors, extents and chains. */
export const DISK_ERRORS = {
  DISK_MISSING: {
    exit: 3,
    meaning: 'A disk, extent or parent that the VM names is not there.',
    remedy: 'Restore the missing file, or copy the whole directory of the VM again.',
  },
  DISK_RAW: {
    exit: 3,
    meaning: 'A disk of the VM is a physical device or a raw device mapping.',
    remedy: 'Take the device out of the VM, or convert it to a VMDK, and run again.',
  },
  DISK_REDO_PENDING: {
    exit: 3,
    meaning: 'A disk has a redo log that was neither committed nor discarded.',
    remedy: 'Start the VM in VMware, shut it down, commit or discard the redo log, and run again.',
  },
} as const satisfies Record<string, ErrorEntry>
