import type { ErrorEntry } from './index.ts'

/** The guest’s network configuration. */
export const NETWORK_ERRORS = {
  NETWORK_UNKNOWN: {
    exit: 3,
    meaning: 'No supported network configuration is in force in the guest.',
    remedy: 'Give no --ip to leave the network alone, or configure the guest’s network first.',
  },
} as const satisfies Record<string, ErrorEntry>
