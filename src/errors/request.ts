import type { ErrorEntry } from './index.ts'

/** The request is wrong: options, configuration file, environment. */
export const REQUEST_ERRORS = {
  BAD_OPTION: {
    exit: 2,
    meaning: 'An option has a value that cannot be used, or two options contradict each other.',
    remedy: 'Correct the option; `vmclone-fix --help` lists them all.',
  },
} as const satisfies Record<string, ErrorEntry>
