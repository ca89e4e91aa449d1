import type { Option } from './option.ts'

/** How the work is done and shown. */
export const RUN_OPTIONS = {
  enable: {
    value: 'OPERATION[,…]',
    example: 'reset-agents',
    repeat: true,
    group: 'What is done',
    description: 'operations to do besides the usual ones; reset-agents resets all agents that may be reset',
    default: 'each operation’s own default; see vmclone-fix operations',
  },
  disable: {
    value: 'OPERATION[,…]',
    example: 'machine-id',
    repeat: true,
    group: 'What is done',
    description: 'operations not to do',
    default: 'none',
  },
  sweep: {
    value: 'PATH',
    example: '/opt',
    repeat: true,
    group: 'What is done',
    description:
      'a file or directory of the guest that is searched, besides /etc, for what still names the old machine; nothing in it is edited',
    default: '/etc alone',
  },
  with: {
    value: 'SCRIPT',
    repeat: true,
    group: 'What is done',
    description:
      'file of guestfish commands that run over the guest once it is changed; see docs/customise.md',
    default: 'none',
  },
  key: {
    value: 'DEVICE:file:PATH',
    example: 'all:file:disk.key',
    repeat: true,
    group: 'What is done',
    description:
      'key file of an encrypted (LUKS) volume; DEVICE is its name in the guest such as /dev/sda3, its UUID, or all',
    default: 'the passphrase is asked for on a terminal',
  },
  root: {
    value: 'DEVICE[:SUBVOLUME]',
    example: '/dev/sda2',
    group: 'What is done',
    description: 'the file system that holds the system to fix, where the disks hold several',
    default: 'the only one there is',
  },
  'dry-run': {
    short: 'n',
    group: 'What is done',
    description: 'show the plan with its diffs, write nothing',
  },
  verify: {
    group: 'What is done',
    description: 'reopen the disks read-only afterwards and compare everything',
    default: 'read back in the same run',
  },
  force: {
    group: 'What is done',
    description: 'go on where a refusal says that it may be forced',
  },
  timeout: {
    value: 'SECONDS',
    example: '600',
    group: 'What is done',
    description: 'limit for one appliance command',
    default: '300',
  },
  config: {
    value: 'FILE',
    group: 'What is done',
    description: 'configuration file; no other is then read',
    default:
      'vmclone-fix.ini in the working directory, the VM’s directory, the user’s configuration directory',
  },
  diff: {
    group: 'How it is shown',
    description: 'show the unified diff of every file (a dry run always does)',
  },
  json: {
    group: 'How it is shown',
    description: 'print one JSON document on stdout and nothing else there',
  },
  quiet: {
    short: 'q',
    group: 'How it is shown',
    description: 'no progress and no notices on stderr',
  },
  verbose: {
    short: 'v',
    group: 'How it is shown',
    description: 'tell every step on stderr',
  },
} as const satisfies Record<string, Option>
