import type { ErrorEntry } from './index.ts'

/** Virtual disks: descriptors, extents and chains. */
export const DISK_ERRORS = {
  DISK_MISSING: {
    exit: 3,
    meaning: 'A disk, extent or parent that the VM names is not there.',
    remedy: 'Restore the missing file, or copy the whole directory of the VM again.',
  },
} as const satisfies Record<string, ErrorEntry>
