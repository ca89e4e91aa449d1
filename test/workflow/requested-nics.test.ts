import { describe, expect, test } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import type { NicRequest } from '../../src/identity/request.ts'
import { VmxDocument } from '../../src/machine/vmx/document.ts'
import { resolveNics } from '../../src/workflow/resolve-nics.ts'
import { surveyOf } from '../support/clone.ts'
import { vmOf } from '../support/machine.ts'

const OLD = '00:0c:29:3a:5b:7c'
const NEW = '00:50:56:12:34:56'
const DRAWN = '00:50:56:00:00:01'
const tree = surveyOf([guestFile('/etc/hostname', 'debian\n')])

const resolved = (...requests: readonly NicRequest[]) =>
  resolveNics(tree, requests, { fixed: undefined, drawMac: () => DRAWN }).nics.map((nic) => [
    nic.device,
    nic.mac,
    nic.macChange,
  ])

describe('a NIC of a plain tree', () => {
  test.each<[string, NicRequest, object, object]>([
    ['of which nothing is known keeps what names it', {}, { policy: 'keep' }, { from: [] }],
    [
      'has the new address where the old one was',
      { oldMac: OLD, mac: NEW },
      { policy: 'set', address: NEW },
      { from: [OLD], to: NEW },
    ],
    ['loses the old address if no new one is known', { oldMac: OLD }, { policy: 'vmware' }, { from: [OLD] }],
    [
      'may keep its address',
      { oldMac: OLD, mac: 'keep' },
      { policy: 'keep', address: OLD },
      { from: [], to: OLD },
    ],
    [
      'may get one that is drawn',
      { oldMac: OLD, mac: 'new' },
      { policy: 'set', address: DRAWN },
      { from: [OLD], to: DRAWN },
    ],
    [
      'may have a known new address only',
      { mac: NEW },
      { policy: 'set', address: NEW },
      { from: [], to: NEW },
    ],
  ])('%s', (_what, request, mac, change) => {
    expect(resolved(request)).toEqual([['ethernet0', mac, change]])
  })

  test('is one of those that the request names; the plain options speak of the first', () => {
    const devices = resolved({ device: 'ethernet10' }, { oldMac: OLD }, { device: 'ethernet2', mac: NEW })
    expect(devices.map(([device]) => device)).toEqual(['ethernet0', 'ethernet2', 'ethernet10'])
    expect(resolved().map(([device]) => device)).toEqual(['ethernet0'])
    expect(() => resolved({ oldMac: OLD }, { device: 'ethernet0' })).toThrow('asked for twice')
  })
})

test('a NIC of a plain tree is found again by the address that it was given', () => {
  const profile = (name: string, mac: string) => ({
    dialect: 'ifcfg',
    name,
    mac,
    file: `/etc/sysconfig/network-scripts/ifcfg-${name}`,
    now: {},
    defaultRoute: false,
  })
  const evidence = { dialect: 'ifcfg', because: 'ifcfg files' }
  const profiles = [profile('eth0', '00:50:56:00:00:02'), profile('eth1', NEW)]
  const twoCards = surveyOf([], { network: { evidence, profiles } })
  const { nics } = resolveNics(twoCards, [{ oldMac: OLD, mac: NEW, ip: '10.0.0.5', gateway: 'none' }], {
    fixed: undefined,
    drawMac: () => DRAWN,
  })
  expect(nics.map(({ profile }) => profile?.name)).toEqual(['eth1'])
})

test('a VM says itself what its NIC had', () => {
  const vm = {
    ...vmOf(VmxDocument.parse(Buffer.from('ethernet0.present = "TRUE"\n'), 'a.vmx')),
    guest: tree.guest,
  }
  const source = { fixed: undefined, drawMac: () => DRAWN }
  expect(() => resolveNics(vm, [{ oldMac: OLD }], source)).toThrow('stands in the .vmx already')
})
