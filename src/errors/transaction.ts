import type { ErrorEntry } from './index.ts'

/** Applying a plan: lock, overlay, journal, verification. */
export const TRANSACTION_ERRORS = {
  VERIFY_MISMATCH: {
    exit: 4,
    meaning: 'What was read back is not what was written; nothing was kept.',
    remedy: 'Run again; if it happens twice, check the disk that holds the VM.',
  },
} as const satisfies Record<string, ErrorEntry>
