import { expect, test } from 'vitest'
import { GROUPS } from '../../../src/cli/options/option.ts'
import { OPTIONS, type OptionName, optionOf } from '../../../src/cli/options/table.ts'

/** The options of fix, tree and batch in the contract of the command line. */
const CONTRACT =
  'ip prefix netmask gateway dns search ip6 gateway6 dhcp nic old-mac profile mac uuid name hostname hosts hosts-from machine-id ssh-keys enable disable sweep with key root dry-run diff json verify force config timeout quiet verbose template to clone jobs hosts-out report resume seed stamp events'.split(
    ' ',
  )

const names = Object.keys(OPTIONS) as OptionName[]

test('the table holds exactly what the contract names', () => {
  expect([...names].sort()).toEqual([...CONTRACT].sort())
})

test('short options are those of the contract', () => {
  expect(
    names
      .filter((name) => optionOf(name).short !== undefined)
      .map((name) => `${optionOf(name).short} ${name}`),
  ).toEqual(['n dry-run', 'q quiet', 'v verbose', 'j jobs'])
})

test.each(names)('%s is described in one phrase, in a group', (name) => {
  const { description, group } = optionOf(name)
  expect(description).toMatch(/^[a-zA-Z0-9].*[^.]$/)
  expect(GROUPS).toContain(group)
})

test('a configuration file that comes with a VM cannot weaken what the user relies on', () => {
  expect(names.filter((name) => !optionOf(name).byVm)).toEqual(
    expect.arrayContaining([
      'machine-id',
      'ssh-keys',
      'hosts-from',
      'enable',
      'disable',
      'force',
      'verify',
      'dry-run',
      'config',
    ]),
  )
})
