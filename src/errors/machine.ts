import type { ErrorEntry } from './index.ts'

/** The VM's own files: .vmx, .vmxf, locks and state. */
export const MACHINE_ERRORS = {
  VMX_NOT_FOUND: {
    exit: 2,
    meaning: 'The .vmx file does not exist or cannot be read.',
    remedy: 'Give the path of the clone’s .vmx file.',
  },
} as const satisfies Record<string, ErrorEntry>
