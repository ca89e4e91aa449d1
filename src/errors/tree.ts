import type { ErrorEntry } from './index.ts'

/** A guest's root directory on this host, as `vmclone-fix tree` takes it. */
export const TREE_ERRORS = {
  TREE_NOT_FOUND: {
    exit: 2,
    meaning: 'The directory given as a guest’s root does not exist, or is no directory.',
    remedy: 'Give the directory that the guest’s root file system is mounted on.',
  },
  TREE_IS_SYSTEM_ROOT: {
    exit: 3,
    meaning: 'The directory given as a guest’s root is the root of the running system.',
    remedy:
      'Give the directory that the clone’s disk is mounted on, or boot another system and mount it there.',
  },
  TREE_NOT_ACCESSIBLE: {
    exit: 3,
    meaning: 'A file of the directory cannot be read, or cannot be written as it must be, by this user.',
    remedy: 'Run as root; files that belong to root can only be made by root.',
  },
  TREE_WRITE_FAILED: {
    exit: 4,
    meaning: 'A file of the directory could not be written; what was written before it was put back.',
    remedy: 'Mend the cause that the message names (space, permissions) and run again.',
  },
  TREE_NOT_RESTORED: {
    exit: 4,
    meaning:
      'Writing failed, and so did putting back what was written: the directory is between old and new.',
    remedy: 'Mend the cause that the message names, and restore the files that it names from a copy.',
  },
} as const satisfies Record<string, ErrorEntry>
