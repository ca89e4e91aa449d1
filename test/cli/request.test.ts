import { describe, expect, test } from 'vitest'
import { type Given, readGiven } from '../../src/cli/options/given.ts'
import type { OptionName } from '../../src/cli/options/table.ts'
import { toRequest } from '../../src/cli/request.ts'

type Row = readonly [name: OptionName, text: string, rank?: number]

function request(...rows: readonly Row[]) {
  const given = rows.map(
    ([name, text, rank = 0]): Given => ({ name, text, source: { rank, label: `--${name}` } }),
  )
  return toRequest(readGiven(given), { operations: ['machine-id', 'hostname'], hostsFrom: [] })
}

describe('the request', () => {
  test('is empty where nothing is given', () => {
    expect(request()).toEqual({ nics: [], hosts: [], enable: [], disable: [] })
  })

  test('has the plain options as its first card, without a device', () => {
    expect(
      request(
        ['ip', '192.168.8.12'],
        ['netmask', '255.255.255.0'],
        ['gateway', 'none'],
        ['dns', '1.1.1.1,8.8.8.8'],
        ['mac', '00:50:56:AA:BB:CC'],
        ['nic', 'ethernet1,dhcp'],
        ['hosts', '192.168.8.11 Node1'],
        ['hostname', 'Web.Lab'],
        ['machine-id', 'empty'],
        ['disable', 'hostname'],
      ),
    ).toEqual({
      hostname: 'web.lab',
      machineId: 'empty',
      nics: [
        {
          ip: '192.168.8.12',
          prefix: 24,
          gateway: 'none',
          dns: ['1.1.1.1', '8.8.8.8'],
          mac: '00:50:56:aa:bb:cc',
        },
        { device: 'ethernet1', dhcp: true },
      ],
      hosts: [{ address: '192.168.8.11', names: ['node1'] }],
      enable: [],
      disable: ['hostname'],
    })
  })

  test('--dhcp off is as if it were not given', () => {
    expect(request(['dhcp', 'false']).nics).toEqual([])
  })

  test('a nearer prefix counts', () => {
    expect(request(['ip', '10.0.0.5/8', 2], ['netmask', '255.255.0.0', 0]).nics[0]?.prefix).toBe(16)
    expect(request(['ip', '10.0.0.5/8', 0], ['prefix', '24', 1]).nics[0]?.prefix).toBe(8)
  })

  test('an operation is switched by the nearer of two lists', () => {
    expect(request(['enable', 'hostname', 0], ['disable', 'hostname,machine-id', 2])).toMatchObject({
      enable: ['hostname'],
      disable: ['machine-id'],
    })
  })

  test.each<[string, readonly Row[]]>([
    [
      'contradicts --ip',
      [
        ['ip', '10.0.0.5'],
        ['dhcp', 'true'],
      ],
    ],
    [
      'contradicts --netmask',
      [
        ['netmask', '255.0.0.0'],
        ['dhcp', 'true'],
      ],
    ],
    [
      'contradicts /24 of --ip',
      [
        ['ip', '10.0.0.5/24'],
        ['prefix', '16'],
      ],
    ],
    ['must stand together', [['netmask', '255.0.255.0']]],
    [
      'ethernet1 is given twice',
      [
        ['nic', 'ethernet1,dhcp'],
        ['nic', 'ethernet1,ip=10.0.0.5'],
      ],
    ],
    ['there is no operation "hostnam"', [['enable', 'hostnam']]],
    [
      'is disabled by --disable too',
      [
        ['enable', 'hostname'],
        ['disable', 'hostname'],
      ],
    ],
    ['none of new, keep, empty', [['machine-id', 'random']]],
    ['no IPv6 address', [['ip6', 'fd00::1%eth0/64']]],
    ['whole number', [['timeout', '1.5']]],
  ])('is refused: %s', (fact, rows) => {
    const thrown = (() => {
      try {
        request(...rows)
      } catch (error) {
        return error as { message: string; hint: string; exit: number }
      }
      return undefined
    })()
    expect(thrown?.exit).toBe(2)
    expect(`${thrown?.message} ${thrown?.hint}`).toContain(fact)
  })

  test('an operation nearly named is suggested', () => {
    expect(() => request(['enable', 'hostnam'])).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_OPERATION', hint: 'Did you mean hostname?' }),
    )
  })
})
