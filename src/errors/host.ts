import type { ErrorEntry } from './index.ts'

/** This host cannot do the work as it is. */
export const HOST_ERRORS = {
  TOOL_MISSING: {
    exit: 3,
    meaning: 'A program that the work needs is not installed on this host.',
    remedy: 'Install it; `vmclone-fix doctor` names the package.',
  },
} as const satisfies Record<string, ErrorEntry>
