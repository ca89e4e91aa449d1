import { describe, expect, it } from 'vitest'
import { type AddressingContext, completeAddressing } from '../../src/network/defaults.ts'
import type { Lease } from '../../src/network/leases.ts'
import type { AddressingRequest, NicAddressing, Vmnet } from '../../src/network/model.ts'

const VMNET: Vmnet = {
  name: 'vmnet8',
  mode: 'nat',
  subnet: { address: '192.168.8.0', prefix: 24 },
  gateway: '192.168.8.2',
  dns: ['192.168.8.2'],
  hostAddress: '192.168.8.1',
  dhcpRange: { first: '192.168.8.128', last: '192.168.8.254' },
  reservations: [{ mac: '00:50:56:00:00:09', address: '192.168.8.20' }],
}
const LEASE: Lease = {
  address: '192.168.8.130',
  prefix: 24,
  router: '192.168.8.9',
  dns: ['192.168.8.8'],
  search: ['lab'],
}
const OWN: NicAddressing = {
  ipv4: { method: 'static', address: '192.168.8.10', prefix: 20, gateway: '192.168.8.3' },
  dns: ['9.9.9.9'],
}
const DHCP: NicAddressing = { ipv4: { method: 'dhcp' } }

function complete(request: AddressingRequest, context: Partial<AddressingContext>) {
  const { addressing, notices } = completeAddressing(request, { device: 'ethernet0', ...context })
  return { ...addressing, codes: notices.map((notice) => notice.code) }
}

const at = (prefix: number, gateway?: string) => ({
  method: 'static',
  address: '192.168.8.12',
  prefix,
  ...(gateway === undefined ? {} : { gateway }),
})

describe('completeAddressing', () => {
  const ip = '192.168.8.12'
  it.each<[string, AddressingRequest, Partial<AddressingContext>, object]>([
    ['nothing asked', {}, { now: OWN }, { codes: ['address-unchanged'] }],
    ['nothing asked of what was given here', {}, { now: OWN, owned: true }, { codes: [] }],
    [
      'the address that was given here',
      { ip: '192.168.8.10' },
      { now: OWN, owned: true },
      { ipv4: OWN.ipv4, codes: [] },
    ],
    [
      'the guest’s own',
      { ip },
      { now: OWN, vmnet: VMNET, lease: LEASE },
      { ipv4: at(20, '192.168.8.3'), codes: [] },
    ],
    [
      'the VMnet’s',
      { ip },
      { now: DHCP, vmnet: VMNET },
      { ipv4: at(24, '192.168.8.2'), dns: ['192.168.8.2'], codes: [] },
    ],
    [
      'the lease’s',
      { ip },
      { now: DHCP, lease: LEASE },
      { ipv4: at(24, '192.168.8.9'), dns: ['192.168.8.8'], search: ['lab'], codes: [] },
    ],
    [
      'what was given',
      { ip, prefix: 25, gateway: '192.168.8.5', dns: ['1.1.1.1'], search: ['a'] },
      { now: OWN, vmnet: VMNET },
      { ipv4: at(25, '192.168.8.5'), dns: ['1.1.1.1'], search: ['a'], codes: [] },
    ],
    [
      'no gateway',
      { ip, gateway: 'none', dns: ['1.1.1.1'] },
      {},
      { ipv4: at(24), dns: ['1.1.1.1'], codes: ['prefix-assumed'] },
    ],
    [
      'nothing known',
      { ip, gateway: '192.168.8.1' },
      {},
      { ipv4: at(24, '192.168.8.1'), codes: ['prefix-assumed', 'dns-unknown'] },
    ],
    [
      'own without gateway',
      { ip },
      {
        now: { ipv4: { method: 'static', address: '192.168.8.10', prefix: 24 }, dns: ['1.1.1.1'] },
        vmnet: VMNET,
      },
      { ipv4: at(24), codes: [] },
    ],
    [
      'host-only',
      { ip },
      { now: DHCP, vmnet: { ...VMNET, mode: 'hostonly', gateway: undefined as never } },
      { ipv4: at(24), dns: ['192.168.8.2'], codes: [] },
    ],
    ['DHCP', { dhcp: true }, { now: OWN }, { ipv4: { method: 'dhcp' }, codes: [] }],
    ['only DNS', { dns: ['1.1.1.1'] }, { now: OWN }, { dns: ['1.1.1.1'], codes: [] }],
    [
      'only a gateway',
      { gateway: '192.168.8.4' },
      { now: OWN },
      { ipv4: { ...OWN.ipv4, gateway: '192.168.8.4' }, codes: ['address-unchanged'] },
    ],
    [
      'IPv6',
      { ip6: { address: 'fd00::12', prefix: 64 } },
      { now: { ipv6: { address: 'fd00::10', prefix: 64, gateway: 'fe80::1' } } },
      { ipv6: { address: 'fd00::12', prefix: 64, gateway: 'fe80::1' }, codes: [] },
    ],
    [
      'in the DHCP range',
      { ip: '192.168.8.200' },
      { now: DHCP, vmnet: VMNET },
      {
        ipv4: { ...at(24, '192.168.8.2'), address: '192.168.8.200' },
        dns: ['192.168.8.2'],
        codes: ['address-in-dhcp-range'],
      },
    ],
    [
      'reserved',
      { ip: '192.168.8.20' },
      { now: DHCP, vmnet: VMNET },
      {
        ipv4: { ...at(24, '192.168.8.2'), address: '192.168.8.20' },
        dns: ['192.168.8.2'],
        codes: ['address-reserved'],
      },
    ],
    [
      'reserved for its own MAC',
      { ip: '192.168.8.20' },
      { now: DHCP, vmnet: VMNET, mac: '00:50:56:00:00:09' },
      {
        ipv4: { ...at(24, '192.168.8.2'), address: '192.168.8.20' },
        dns: ['192.168.8.2'],
        codes: [],
      },
    ],
    [
      'outside the VMnet',
      { ip: '10.0.0.5', prefix: 8, gateway: '10.0.0.1', dns: ['10.0.0.1'] },
      { vmnet: VMNET },
      {
        ipv4: { method: 'static', address: '10.0.0.5', prefix: 8, gateway: '10.0.0.1' },
        dns: ['10.0.0.1'],
        codes: ['address-outside-vmnet'],
      },
    ],
  ])('%s', (_, request, context, expected) => expect(complete(request, context)).toEqual(expected))

  it.each<[string, AddressingRequest, Partial<AddressingContext>]>([
    ['GATEWAY_UNKNOWN', { ip }, { now: DHCP }],
    ['GATEWAY_UNKNOWN', { ip: '10.0.0.5' }, { now: OWN, vmnet: VMNET, lease: LEASE }],
    ['GATEWAY_UNREACHABLE', { ip, gateway: '10.0.0.1' }, { now: OWN }],
    ['GATEWAY_UNREACHABLE', { ip, gateway: ip }, { now: OWN }],
    ['ADDRESS_UNUSABLE', { ip: '192.168.8.255' }, { now: DHCP, vmnet: VMNET }],
    ['ADDRESS_UNUSABLE', { ip: '192.168.8.1' }, { now: DHCP, vmnet: VMNET }],
    ['ADDRESS_UNUSABLE', { ip: '192.168.8.2', gateway: 'none' }, { now: DHCP, vmnet: VMNET }],
    ['ADDRESS_UNUSABLE', { ip: '192.168.8.3' }, { now: OWN }],
    ['ADDRESS_UNUSABLE', { ip: '192.168.8.9' }, { now: DHCP, lease: LEASE }],
    ['ADDRESS_UNUSABLE', { ip6: { address: 'ff02::1', prefix: 64 } }, {}],
    ['GATEWAY_UNREACHABLE', { ip6: { address: 'fd00::1', prefix: 64 }, gateway6: 'fd01::1' }, {}],
    ['BAD_OPTION', { gateway: '192.168.8.2' }, { now: DHCP }],
    ['BAD_OPTION', { gateway6: 'fe80::1' }, {}],
  ])('%s: %j', (code, request, context) => {
    expect(() => complete(request, context)).toThrow(expect.objectContaining({ code, exit: 2 }))
  })
})
