import { expect, test } from 'vitest'
import type { CloneRequest, NicRequest } from '../../../src/identity/request.ts'
import { keptFaults } from '../../../src/workflow/batch/kept.ts'
import type { IdentityCard } from '../../../src/workflow/report.ts'
import { row } from './facts.ts'

const MAC = '00:50:56:00:00:07'
const UUID = '564d0000-0000-0000-0000-000000000007'
const CARD: IdentityCard = {
  uuid: UUID,
  nics: [
    { device: 'ethernet0', mac: MAC, ipv4: '192.168.8.11/24', gateway: '192.168.8.2', dns: [] },
    { device: 'ethernet1', dns: [] },
  ],
  sshHostKeys: [],
}

const KEPT = { card: CARD, hostname: 'node1.example.org', addresses: { ethernet0: '192.168.8.11' } }

const CASES: readonly [what: string, nic: NicRequest, more: Partial<CloneRequest>, faults: string[]][] = [
  ['the same row', { ip: '192.168.8.11', prefix: 24, mac: MAC }, { uuid: UUID }, []],
  ['policies', { mac: 'keep' }, { uuid: 'new' }, []],
  ['another address', { ip: '192.168.8.99' }, {}, ['ip with 192.168.8.11/24']],
  ['another prefix', { ip: '192.168.8.11', prefix: 16 }, {}, ['ip with 192.168.8.11/24']],
  ['the same gateway', { gateway: '192.168.8.2' }, {}, []],
  ['another gateway', { gateway: '192.168.8.1' }, {}, ['gateway with the gateway 192.168.8.2']],
  ['no gateway', { gateway: 'none' }, {}, ['gateway with the gateway 192.168.8.2']],
  ['DHCP', { dhcp: true }, {}, ['dhcp with 192.168.8.11/24']],
  ['another MAC', { mac: '00:50:56:00:00:08' }, {}, [`mac with the MAC ${MAC}`]],
  [
    'an address where there was none',
    { device: 'ethernet1', ip: '10.0.0.1' },
    {},
    ['nic1.ip with no address of its own'],
  ],
  ['the same name', {}, { hostname: 'Node1' }, []],
  ['the same name with its domain', {}, { hostname: 'node1.example.org' }, []],
  ['another name', {}, { hostname: 'node2' }, ['hostname with the host name node1.example.org']],
  ['another domain', {}, { hostname: 'node1.test' }, ['hostname with the host name node1.example.org']],
  ['another UUID', {}, { uuid: '564d0000-0000-0000-0000-000000000008' }, [`uuid with the UUID ${UUID}`]],
]

test.each(CASES)('a kept clone whose row now asks for %s', (_what, nic, more, faults) => {
  const found = keptFaults(row(2, 'node1', nic, more), KEPT, '/vms/node1')
  const start = 'the clone was made by an earlier run, '
  expect(found.map(({ column, message }) => `${column} ${message.replace(start, '')}`)).toEqual(faults)
  for (const { line, hint } of found) expect([line, hint]).toEqual([2, expect.stringContaining('/vms/node1')])
})
