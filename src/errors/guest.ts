import type { ErrorEntry } from './index.ts'

/** The guest: appliance, storage layout, files. */
export const GUEST_ERRORS = {
  GUESTFISH_FAILED: {
    exit: 4,
    meaning: 'A command inside the libguestfs appliance failed.',
    remedy: 'Run `vmclone-fix doctor`; run again with --verbose to see the appliance’s own words.',
  },
} as const satisfies Record<string, ErrorEntry>
