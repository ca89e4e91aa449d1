import type { ErrorEntry } from './index.ts'

/** Virtual disks: descriptors, extents and chains. */
export const DISK_ERRORS = {
  DISK_MISSING: {
    exit: 3,
    meaning: 'A disk, extent or parent that the VM names is not there.',
    remedy: 'Restore the missing file, or copy the whole directory of the VM again.',
  },
  DISK_NOT_ACCESSIBLE: {
    exit: 3,
    meaning: 'A file of the disk cannot be read, or the leaf cannot be written, by this user.',
    remedy: 'Run as the owner of the VM’s files, or change their permissions.',
  },
  DISK_MALFORMED: {
    exit: 3,
    meaning: 'A disk’s descriptor or header is damaged, or the file is not a VMDK at all.',
    remedy:
      'Copy the disk again from its source; `qemu-img info -f vmdk FILE` tells whether a copy can be read.',
  },
  DISK_TYPE_UNSUPPORTED: {
    exit: 3,
    meaning: 'The disk is of a type that cannot be written in place, such as streamOptimized or seSparse.',
    remedy:
      'Convert it with `qemu-img convert -f vmdk -O vmdk OLD NEW` or `vmware-vdiskmanager -r OLD -t 0 NEW`, and name the new disk in the .vmx.',
  },
  DISK_RAW_DEVICE: {
    exit: 3,
    meaning: 'The disk is a device or a partition of the host, or a raw device mapping.',
    remedy:
      'Copy it into a virtual disk with `qemu-img convert -f raw -O vmdk DEVICE NEW.vmdk`, and name that in the .vmx.',
  },
  DISK_EXTENT_UNSUPPORTED: {
    exit: 3,
    meaning: 'The disk has an extent that is not plainly readable and writable: ZERO, RDONLY or NOACCESS.',
    remedy:
      'Write it anew with `vmware-vdiskmanager -r OLD.vmdk -t 0 NEW.vmdk`, and name the new disk in the .vmx.',
  },
  DISK_OUTSIDE: {
    exit: 3,
    meaning: 'A disk or extent lies outside of the directory that it must lie in.',
    remedy: 'Copy the file itself into the VM’s directory and name it there without a path.',
  },
  DISK_TRUNCATED: {
    exit: 3,
    meaning: 'An extent is shorter than its descriptor or its own grain tables say.',
    remedy: 'Copy the disk again from its source; the copy is not complete.',
  },
  DISK_PARENT_MISMATCH: {
    exit: 3,
    meaning: 'A disk’s parent was changed since the disk was made from it: content id or capacity differ.',
    remedy: 'Restore the parent as it was when the clone or snapshot was made, or make the clone again.',
  },
  DISK_CHAIN_INVALID: {
    exit: 3,
    meaning: 'A chain of disks comes back to itself or is too long.',
    remedy: 'Correct parentFileNameHint in the descriptors, or make the clone again.',
  },
  DISK_HAS_CHILDREN: {
    exit: 3,
    meaning: 'The disk is the parent of another disk; writing it would destroy that one.',
    remedy:
      'Name the youngest disk of the chain in the .vmx, or flatten a copy: `qemu-img convert -f vmdk -O vmdk OLD NEW`.',
  },
  DISK_SHARED: {
    exit: 3,
    meaning: 'The disk’s data belong to another VM too.',
    remedy: 'Give the clone a copy of its own: `cp --reflink=auto` the disk’s files, or clone the VM again.',
  },
  COPY_FAILED: {
    exit: 4,
    meaning: 'A file of a new clone could not be written.',
    remedy: 'See in the message what the system said; check the permissions and the file system of --to.',
  },
  DISK_REDO_PENDING: {
    exit: 3,
    meaning: 'A disk has a redo log that was neither committed nor discarded.',
    remedy: 'Start the VM in VMware, shut it down, commit or discard the redo log, and run again.',
  },
} as const satisfies Record<string, ErrorEntry>
