import { describe, expect, test } from 'vitest'
import { givenByEnvironment, strangeVariables } from '../../../src/cli/options/environment.ts'
import { type Given, readGiven } from '../../../src/cli/options/given.ts'
import type { OptionName } from '../../../src/cli/options/table.ts'

const at = (rank: number, name: OptionName, text: string): Given => ({
  name,
  text,
  source: { rank, label: `${name}@${rank}` },
})

describe('precedence', () => {
  test('the command line goes before the environment, and that before files', () => {
    const three = [at(3, 'timeout', '3'), at(1, 'timeout', '2'), at(0, 'timeout', '1')]
    expect(readGiven(three).timeout?.value).toBe(1)
    expect(readGiven(three.slice(0, 2)).timeout?.value).toBe(2)
    expect(readGiven(three.slice(0, 1)).timeout?.value).toBe(3)
  })

  test('a nearer list puts a farther one aside, and lists from one place are joined', () => {
    const values = readGiven([
      at(1, 'dns', '9.9.9.9'),
      at(0, 'dns', '1.1.1.1,8.8.8.8'),
      at(0, 'dns', '8.8.4.4'),
    ])
    expect(values.dns?.value).toEqual(['1.1.1.1', '8.8.8.8', '8.8.4.4'])
  })

  test('a wrong value that does not count does not matter', () => {
    expect(readGiven([at(1, 'timeout', 'x'), at(0, 'timeout', '5')]).timeout?.value).toBe(5)
  })

  test('a switch can be turned off from nearer', () => {
    expect(readGiven([at(1, 'dry-run', 'yes'), at(0, 'dry-run', 'false')])['dry-run']?.value).toBe(false)
  })

  test.each([
    [[at(0, 'dhcp', 'true'), at(2, 'ip', '10.0.0.5'), at(2, 'gateway', '10.0.0.1')], ['dhcp']],
    [[at(0, 'ip', '10.0.0.5'), at(2, 'dhcp', 'true')], ['ip']],
    [
      [at(0, 'dhcp', 'false'), at(2, 'ip', '10.0.0.5')],
      ['dhcp', 'ip'],
    ],
    [[at(1, 'prefix', '24'), at(2, 'netmask', '255.0.0.0')], ['prefix']],
    [[at(0, 'verbose', 'true'), at(1, 'quiet', 'true')], ['verbose']],
  ] as const)('what contradicts it from farther away is put aside: %#', (given, names) => {
    expect(Object.keys(readGiven(given)).sort()).toEqual([...names].sort())
  })

  test('one option twice with two values is refused', () => {
    expect(() => readGiven([at(0, 'ip', '10.0.0.5'), at(0, 'ip', '10.0.0.6')])).toThrow('given twice')
  })

  test('a fault names its source and keeps its place', () => {
    const position = { file: 'a.ini', line: 3, text: 'ip = x' }
    const given: Given = { name: 'ip', text: 'x', source: { rank: 2, label: 'a.ini:3: ip', position } }
    expect(() => readGiven([given])).toThrow(
      expect.objectContaining({ message: 'a.ini:3: ip: "x" is no IPv4 address', position, exit: 2 }),
    )
  })
})

describe('environment', () => {
  test('every option has its variable; empty ones count as not set', () => {
    expect(givenByEnvironment({ VMCLONE_FIX_DRY_RUN: '1', VMCLONE_FIX_IP: '' })).toEqual([
      { name: 'dry-run', text: '1', source: { rank: 1, label: 'VMCLONE_FIX_DRY_RUN' } },
    ])
  })

  test('what may be repeated stands one a line', () => {
    const given = givenByEnvironment({ VMCLONE_FIX_HOSTS: '10.0.0.1 a\n10.0.0.2 b\n' })
    expect(given.map(({ text }) => text)).toEqual(['10.0.0.1 a', '10.0.0.2 b'])
  })

  test('what looks like an option and is none is found', () => {
    expect(strangeVariables({ VMCLONE_FIX_IPP: '1', VMCLONE_FIX_IP: '1', PATH: '/bin' })).toEqual([
      'VMCLONE_FIX_IPP',
    ])
  })
})
