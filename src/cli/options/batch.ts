import type { Option } from './option.ts'

/** How many clones come about at once. */
export const BATCH_OPTIONS = {
  template: {
    value: 'BASE.vmx',
    group: 'The clones',
    description: 'the VM that the clones are made from; it is never written',
    default: 'needed, unless every row names a VM that exists in a column vmx',
  },
  to: {
    value: 'DIRECTORY',
    group: 'The clones',
    description: 'where the clones are made: DIRECTORY/NAME/NAME.vmx',
    default: 'beside the template’s directory',
  },
  clone: {
    value: 'KIND',
    example: 'linked',
    group: 'The clones',
    description:
      'full (a whole copy), linked (keeps only what differs, and needs the template), or reflink (a whole copy that shares its blocks, where the file system can)',
    default: 'full',
  },
  seed: {
    value: 'TEXT',
    group: 'The clones',
    description:
      'draws MACs and ids from TEXT and each clone’s name, so that they come out the same again; keys never do',
    default: 'drawn anew in each run',
  },
  resume: {
    group: 'The clones',
    description: 'keep what an earlier run of the same batch finished, and do the rest',
    default: 'refused where a clone’s directory exists',
  },
  'hosts-out': {
    value: 'FILE',
    group: 'Names of other machines',
    description: 'write the clones’ addresses and names into FILE, for the hosts file of this host',
  },
  jobs: {
    short: 'j',
    value: 'NUMBER',
    example: '4',
    group: 'What is done',
    description: 'appliances at a time',
    default: 'by cores and memory',
  },
  stamp: {
    on: true,
    group: 'What is done',
    description:
      'edit every clone in an appliance of libguestfs, also where writing its blocks into a copy is sound and faster',
  },
  report: {
    value: 'FILE.html',
    group: 'How it is shown',
    description: 'write a page with all identities, the network as a picture, and the diffs',
  },
  events: {
    value: 'FILE',
    group: 'How it is shown',
    description:
      'write what happens as it happens, one JSON document a line, into a file or a pipe that is read',
  },
} as const satisfies Record<string, Option>
