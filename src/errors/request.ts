import type { ErrorEntry } from './index.ts'

/** The request is wrong: options, configuration file, environment. */
export const REQUEST_ERRORS = {
  BAD_OPTION: {
    exit: 2,
    meaning: 'An option has a value that cannot be used, or two options contradict each other.',
    remedy: 'Correct the option; `vmclone-fix --help` lists them all.',
  },
  BAD_CONFIG: {
    exit: 2,
    meaning: 'A configuration file cannot be read, or a line of it is wrong.',
    remedy: 'Correct the file, or name another with --config.',
  },
  TABLE_NOT_FOUND: {
    exit: 2,
    meaning: 'The table of a batch does not exist or cannot be read.',
    remedy: 'Give the path of a CSV file, or - for standard input.',
  },
  TABLE_INVALID: {
    exit: 2,
    meaning: 'The table of a batch has faults, or its rows collide with each other or with VMs that exist.',
    remedy: 'Correct the rows and run again; nothing was made.',
  },
  SCRIPT_NOT_FOUND: {
    exit: 2,
    meaning: 'A script of --with does not exist or cannot be read.',
    remedy: 'Give the path of a file of guestfish commands.',
  },
  SCRIPT_REFUSED: {
    exit: 2,
    meaning:
      'A line of a --with script cannot be read, runs a program on this host, or changes what is opened and mounted.',
    remedy:
      'Write it with commands that work in the guest; docs/customise.md says which are refused, and why.',
  },
  UNKNOWN_OPERATION: {
    exit: 2,
    meaning: 'An operation was named that does not exist.',
    remedy: '`vmclone-fix operations` lists them.',
  },
  BAD_MAC: {
    exit: 2,
    meaning: 'A MAC address is malformed, or VMware would refuse it at power-on.',
    remedy: 'Use an address from 00:50:56:00:00:00 to 00:50:56:3f:ff:ff, or --mac new.',
  },
  BAD_UUID: {
    exit: 2,
    meaning: 'A UUID is malformed.',
    remedy: 'Give 32 hex digits as 564d1234-…, or --uuid new.',
  },
} as const satisfies Record<string, ErrorEntry>
