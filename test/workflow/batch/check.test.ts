import { describe, expect, test } from 'vitest'
import { checkRows, type Leniency } from '../../../src/workflow/batch/check.ts'
import type { BatchRow } from '../../../src/workflow/batch/types.ts'
import { CARD, FACTS, row, TEMPLATE } from './facts.ts'

function told(rows: readonly BatchRow[], leniency: Leniency = {}, facts = FACTS): string[] {
  return checkRows(rows, facts, leniency).map(({ line, column, message }) => `${line} ${column}: ${message}`)
}

const UUID = '564d0000-0000-0000-0000-000000000007'
const COLLISIONS: readonly (readonly [string, readonly BatchRow[], string])[] = [
  ['a name', [row(2, 'a'), row(3, 'A')], '3 name: name A is that of line 2'],
  [
    'a host name',
    [row(2, 'a_b', {}, { hostname: 'a-b' }), row(3, 'a-b')],
    '3 hostname: host name a-b is that of line 2',
  ],
  [
    'an address',
    [row(2, 'a', { ip: '192.168.8.5' }), row(4, 'b', { ip: '192.168.8.5' })],
    '4 ip: address 192.168.8.5 is that of line 2',
  ],
  [
    'an IPv6 address',
    [
      row(2, 'a', { ip6: { address: 'fd00::5', prefix: 64 } }),
      row(3, 'b', { ip6: { address: 'fd00::5', prefix: 48 } }),
    ],
    '3 ip6: address fd00::5 is that of line 2',
  ],
  [
    'a MAC',
    [row(2, 'a', { mac: '00:50:56:00:00:07' }), row(3, 'b', { mac: '00:50:56:00:00:07' })],
    '3 mac: MAC 00:50:56:00:00:07 is that of line 2',
  ],
  [
    'a UUID',
    [row(2, 'a', {}, { uuid: UUID }), row(3, 'b', {}, { uuid: UUID })],
    `3 uuid: UUID ${UUID} is that of line 2`,
  ],
  ['the name of the template', [row(2, 'base')], '2 name: vms/base is the template’s directory'],
  [
    'the MAC of the template',
    [row(2, 'a', { mac: '00:50:56:00:00:01' })],
    '2 mac: MAC 00:50:56:00:00:01 is that of the template',
  ],
  [
    'the kept MAC of the template',
    [row(2, 'a', { mac: 'keep' })],
    '2 mac: keep would give the clone the MAC of the template',
  ],
  [
    'the UUID of the template',
    [row(2, 'a', {}, { uuid: TEMPLATE.uuid })],
    `2 uuid: UUID ${TEMPLATE.uuid} is that of the template`,
  ],
  [
    'the kept UUID of the template',
    [row(2, 'a', {}, { uuid: 'keep' })],
    '2 uuid: keep would give the clone the UUID of the template',
  ],
  ['a directory that exists', [row(2, 'OLD')], '2 name: vms/OLD exists already'],
  ['a file that exists', [row(2, 'notes.txt')], '2 name: vms/notes.txt exists already'],
  [
    'the display name of a VM',
    [row(2, 'old one')],
    '2 name: name old one is that of the VM /vms/old/old.vmx',
  ],
  [
    'the MAC of a VM',
    [row(2, 'a', { mac: '00:50:56:00:00:02' })],
    '2 mac: MAC 00:50:56:00:00:02 is that of the VM /vms/old/old.vmx',
  ],
  [
    'the address that a VM was given',
    [row(2, 'a', { ip: '192.168.8.77' })],
    '2 ip: address 192.168.8.77 is that of the VM /vms/old/old.vmx',
  ],
  [
    'the host name that a VM was given',
    [row(2, 'a', {}, { hostname: 'web7' })],
    '2 hostname: host name web7 is that of the VM /vms/old/old.vmx',
  ],
  [
    'the host name that a VM was given with its domain',
    [row(2, 'a', {}, { hostname: 'web7.lab.test' })],
    '2 hostname: host name web7.lab.test is that of the VM /vms/old/old.vmx',
  ],
  [
    'the address of the host',
    [row(2, 'a', { ip: '192.168.8.1' })],
    '2 ip: 192.168.8.1 is this host’s own address in vmnet8',
  ],
  [
    'the gateway of the VMnet',
    [row(2, 'a', { ip: '192.168.8.2' })],
    '2 ip: 192.168.8.2 is the gateway in vmnet8',
  ],
  [
    'the broadcast address of the VMnet',
    [row(2, 'a', { ip: '192.168.8.255' })],
    '2 ip: 192.168.8.255 cannot be used: it is the broadcast address of its /24 subnet',
  ],
  [
    'a network’s own address',
    [row(2, 'a', { ip: '10.1.0.0', prefix: 16 })],
    '2 ip: 10.1.0.0 cannot be used: it is the network address of its /16 subnet',
  ],
  [
    'a gateway elsewhere',
    [row(2, 'a', { ip: '10.1.0.5', prefix: 16, gateway: '10.2.0.1' })],
    '2 gateway: gateway 10.2.0.1 does not lie in 10.1.0.5/16',
  ],
  [
    'itself as its gateway',
    [row(2, 'a', { ip: '10.1.0.5', gateway: '10.1.0.5' })],
    '2 ip: 10.1.0.5 is its own gateway',
  ],
  [
    'a multicast MAC',
    [row(2, 'a', { mac: '01:00:5e:00:00:01' })],
    '2 mac: 01:00:5e:00:00:01 is a multicast address, which no adapter can have',
  ],
  [
    'a card that there is not',
    [row(2, 'a', { device: 'ethernet1', dhcp: true })],
    '2 nic1.dhcp: the VM has no network card ethernet1',
  ],
  [
    'a loopback IPv6 address',
    [row(2, 'a', { ip6: { address: '::1', prefix: 128 } })],
    '2 ip6: ::1 cannot be used: it is the loopback address',
  ],
]

describe('rows of a batch', () => {
  test.each(COLLISIONS)('collide in %s', (_, rows, fault) => {
    expect(told(rows)).toEqual([fault])
  })

  test('that collide in nothing have no fault, in a DHCP range or with a gateway among them either', () => {
    const rows = [
      row(2, 'a', { ip: '10.0.0.1', prefix: 8, gateway: 'none' }),
      row(3, 'b', { ip: '10.0.0.2', prefix: 8, gateway: '10.0.0.1' }),
      row(4, 'c', { ip: '192.168.8.130' }),
      row(5, 'd', { mac: 'new' }, { uuid: 'new' }),
      row(6, 'e', { mac: 'new' }, { uuid: 'new' }),
    ]
    expect(told(rows)).toEqual([])
  })

  test('tell all of one row, and of one that repeats itself', () => {
    const nics = [{ ip: '10.0.0.5' }, { device: 'ethernet0', ip: '10.0.0.5' }]
    expect(told([row(2, 'a', {}, { nics, uuid: TEMPLATE.uuid })])).toEqual([
      `2 uuid: UUID ${TEMPLATE.uuid} is that of the template`,
      '2 nic0.ip: address 10.0.0.5 stands in this row twice',
      '2 nic0.ip: ethernet0 is spoken of twice',
    ])
  })

  test('may have what an earlier run gave to them, with --resume', () => {
    const again = row(
      2,
      'old',
      { mac: '00:50:56:00:00:02' },
      { uuid: '564d0000-0000-0000-0000-000000000002' },
    )
    expect(told([again], { resume: true })).toEqual([])
    expect(told([again])).toEqual(['2 name: vms/old exists already'])
    expect(told([again, row(3, 'b', { mac: '00:50:56:00:00:02' })], { resume: true })).toEqual([
      '3 mac: MAC 00:50:56:00:00:02 is that of line 2',
    ])
    expect(told([row(2, 'base')], { resume: true })).toEqual(['2 name: vms/base is the template’s directory'])
  })

  test('may keep what the template has by --force', () => {
    expect(told([row(2, 'a', { mac: 'keep' }, { uuid: 'keep' })], { force: true })).toEqual([])
  })

  test('that name VMs are compared with these', () => {
    const one: BatchRow = { ...row(2, 'one', { mac: 'keep' }, { uuid: 'keep' }), vmx: 'one.vmx' }
    const twin: BatchRow = { ...row(3, 'twin'), vmx: './one.vmx' }
    const gone: BatchRow = { ...row(4, 'gone', { device: 'ethernet7', dhcp: true }), vmx: 'gone.vmx' }
    const base: BatchRow = { ...row(5, 'x'), vmx: 'base.vmx' }
    const existing = new Map<BatchRow, never>([
      [one, { vmx: '/vms/one.vmx', nics: [CARD] } as never],
      [twin, { vmx: '/vms/one.vmx', nics: [CARD] } as never],
      [gone, { fault: { message: 'gone.vmx cannot be found', hint: 'Look.' } } as never],
      [base, TEMPLATE as never],
    ])
    expect(told([one, twin, gone, base], {}, { ...FACTS, existing })).toEqual([
      '3 vmx: VM ./one.vmx is that of line 2',
      '4 vmx: gone.vmx cannot be found',
      '5 vmx: VM base.vmx is that of the template',
    ])
  })
})

test('a name that is no file name is refused before anything is made by it', () => {
  expect(told([row(2, 'a/../../b'), row(3, '.vmclone-fix-batch'), row(4, 'a b')])).toEqual([
    '2 name: the name "a/../../b" holds a slash',
    '3 name: the name ".vmclone-fix-batch" begins with a dot',
  ])
})

test('what a record says of a VM beside the clones may be out of date, and may be forced; its own clone is kept', () => {
  const taken = [row(2, 'a', { ip: '192.168.8.77' })]
  expect(told(taken)).toHaveLength(1)
  expect(told(taken, { force: true })).toEqual([])
  expect(told([row(2, 'old', { ip: '192.168.8.77' })], { resume: true })).toEqual([])
  const moved = [row(2, 'a', { ip: '192.168.8.77' }), row(3, 'old', { ip: '192.168.8.78' })]
  expect(told(moved, { resume: true })).toEqual([])
})
