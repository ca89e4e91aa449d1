import type { ErrorEntry } from './index.ts'

/** Making many clones from one template. */
export const BATCH_ERRORS = {
  TARGET_EXISTS: {
    exit: 3,
    meaning: 'A directory that a clone is to get is there already.',
    remedy:
      'Give --resume if an earlier run of this batch made it; else another name, another --to, or remove it.',
  },
  TARGET_UNUSABLE: {
    exit: 3,
    meaning: 'The directory that the clones are to be made in cannot be made or written to.',
    remedy: 'Give a directory that this user may write to with --to.',
  },
  TEMPLATE_CHANGED: {
    exit: 3,
    meaning:
      'The template is no longer what it was when the batch began: it was started, or its disks were written to.',
    remedy:
      'Linked clones that stand on the old state are lost; make the batch anew in another directory. Take a snapshot of the template before you start it.',
  },
} as const satisfies Record<string, ErrorEntry>
