import type { ErrorEntry } from './index.ts'

/** Applying a plan: lock, overlay, journal, verification. */
export const TRANSACTION_ERRORS = {
  VERIFY_MISMATCH: {
    exit: 4,
    meaning: 'What was read back is not what was written; nothing was kept.',
    remedy: 'Run again; if it happens twice, check the disk that holds the VM.',
  },
  VM_BUSY: {
    exit: 3,
    meaning: 'Another run of vmclone-fix works on this VM, on this host or another.',
    remedy:
      'Wait until it has ended. If it ran on another host that is gone, remove `.vmclone-fix/lock` in the VM’s directory.',
  },
  RECOVERY_NEEDED: {
    exit: 3,
    meaning: 'An earlier run on this VM was interrupted and has not been finished or taken back yet.',
    remedy: 'Run `vmclone-fix` on that VM without --dry-run: it first brings the earlier run to its end.',
  },
  JOURNAL_UNUSABLE: {
    exit: 3,
    meaning:
      'The journal of an interrupted run cannot be followed: it is damaged, or the VM was moved since.',
    remedy: 'Move the VM back to where it was and run again, or restore it from its template or a backup.',
  },
  WORKSPACE_UNSAFE: {
    exit: 3,
    meaning: '`.vmclone-fix` in the VM’s directory is not a directory of its own.',
    remedy: 'Look at what has that name; it is not from vmclone-fix. Rename or remove it, and run again.',
  },
  WORKSPACE_LEFT: {
    exit: 4,
    meaning:
      'An interrupted run has been brought to its end, but what it worked with cannot be taken away from `.vmclone-fix` in the VM’s directory.',
    remedy: 'See to what the system says in the message, then run again.',
  },
  VM_NOT_WRITABLE: {
    exit: 3,
    meaning: 'The VM’s directory cannot be written by this user, or is on a read-only file system.',
    remedy:
      'Run as the owner of the VM’s files, give this user the right to write there, or mount it writable.',
  },
  CHANGED_MEANWHILE: {
    exit: 4,
    meaning: 'A file of the VM was changed by something else during the run; nothing was kept.',
    remedy: 'Close what works on the VM and run again.',
  },
  NO_SPACE: {
    exit: 4,
    meaning: 'There is not enough free space for the commit; the VM is as it was.',
    remedy: 'Make room on the file system that holds the VM and run again.',
  },
  QEMU_IMG_FAILED: {
    exit: 4,
    meaning: 'qemu-img or qemu-io failed on a disk; the VM is as it was.',
    remedy: 'Read its own words in the message; check free space and permissions of the disk’s files.',
  },
  DISK_IN_USE: {
    exit: 4,
    meaning: 'Another program has a disk of the VM open; the VM is as it was.',
    remedy: 'Power the VM off and close what has its disk open, then run again.',
  },
  COMMIT_FAILED: {
    exit: 4,
    meaning: 'The commit failed half-way and was taken back; the VM is as it was.',
    remedy: 'Mend the cause that the message names and run again.',
  },
  ROLLBACK_UNFINISHED: {
    exit: 4,
    meaning:
      'The commit failed, and taking it back failed too; the journal still holds all that is needed for it.',
    remedy:
      'Do not power the VM on. Mend the cause (free space, permissions) and run again: it then takes back what was begun.',
  },
  COMMITTED_MISMATCH: {
    exit: 4,
    meaning: 'After the commit, --verify found that the disk does not hold what was written to it.',
    remedy:
      'The VM is no longer as it was: do not use it, make the clone again, and check the disk that holds it.',
  },
  VM_TOUCHED: {
    exit: 3,
    meaning:
      'A run was interrupted while it put its changes in place, and the VM was changed, probably powered on, before it could be finished.',
    remedy:
      'Its disk may be between the old and the new state: make the clone again. To keep it as it is instead, remove .vmclone-fix beside the .vmx.',
  },
} as const satisfies Record<string, ErrorEntry>
