import { describe, expect, it } from 'vitest'
import type { GuestNode } from '../../../../src/guest/tree.ts'
import { networkd } from '../../../../src/network/dialects/networkd.ts'
import { link } from '../../../support/ifupdown-guest.ts'
import { OLD } from '../../../support/keyfile-guest.ts'
import { ETC, networkdGuest, networkdProfile, wants } from '../../../support/networkd-guest.ts'

const VENDOR = '/usr/lib/systemd/network'
const dhcp = (match: string) => `[Match]\n${match}\n[Network]\nDHCP=yes\n`
const names = (files: Record<string, string>, ...more: GuestNode[]) =>
  networkd.profiles(networkdGuest(files, ...more)).map(({ name }) => name)

describe('which files count', () => {
  it.each<[string, Record<string, string>, GuestNode[], string[]]>([
    [
      'by name, not by directory',
      { [`${VENDOR}/10-a.network`]: dhcp('Name=a'), '20-b.network': dhcp('Name=b') },
      [],
      ['a', 'b'],
    ],
    [
      '/etc before the vendor',
      { [`${VENDOR}/10-a.network`]: dhcp('Name=a'), '10-a.network': dhcp('Name=b') },
      [],
      ['b'],
    ],
    ['masked by an empty file', { [`${VENDOR}/10-a.network`]: dhcp('Name=a'), '10-a.network': '' }, [], []],
    [
      'masked by a link',
      { [`${VENDOR}/10-a.network`]: dhcp('Name=a') },
      [link(`${ETC}/10-a.network`, '/dev/null')],
      [],
    ],
    ['no backups', { '10-a.network.bak': dhcp('Name=a'), '10-a.network~': dhcp('Name=b') }, [], []],
    [
      'the first for a name',
      { '10-a.network': dhcp('Name=ens33'), '20-a.network': dhcp('Name=ens33') },
      [],
      ['ens33'],
    ],
    [
      'no containers, Wi-Fi or bridges of programs',
      {
        'a.network': dhcp('Kind=veth\nName=host0\nVirtualization=container'),
        'b.network': dhcp('Type=wlan'),
        'c.network': dhcp('Name=docker0 veth*'),
        'd.network': dhcp('Type=ether\nKind=!*'),
      },
      [],
      ['d'],
    ],
  ])('%s', (_, files, more, expected) => expect(names(files, ...more)).toEqual(expected))
})

describe('profiles', () => {
  it('a pattern is for several NICs, a name or an address for one', () => {
    const tree = networkdGuest({
      '10-a.network': dhcp(`MACAddress=${OLD.toUpperCase().replaceAll(':', '-')}`),
      '20-b.network': dhcp('Name=ens33'),
      '99-c.network': dhcp('Name=e*'),
    })
    expect(
      networkd
        .profiles(tree)
        .map(({ name, mac, interfaceName, shared }) => [name, mac, interfaceName, shared]),
    ).toEqual([
      ['10-a', OLD, undefined, undefined],
      ['ens33', undefined, 'ens33', undefined],
      ['99-c', undefined, undefined, true],
    ])
  })

  it('the bond, not its ports; the VLAN only if nothing below has an address', () => {
    const bond = {
      'bond0.netdev': '[NetDev]\nName=bond0\nKind=bond\n',
      '10-ports.network': '[Match]\nName=ens33\n[Network]\nBond=bond0\n',
      '20-bond.network': '[Match]\nName=bond0\n[Network]\nVLAN=lan7\nDHCP=ipv4\n',
      'lan7.netdev': '[NetDev]\nName=lan7\nKind=vlan\n[VLAN]\nId=7\n',
      '30-lan7.network': '[Match]\nName=lan7\n[Network]\nAddress=10.0.0.9/24\n',
    }
    expect(networkdProfile(networkdGuest(bond), 'bond0').ports).toEqual(['ens33'])
    expect(names(bond)).toEqual(['bond0'])
    const bare = { ...bond, '20-bond.network': '[Match]\nName=bond0\n[Network]\nVLAN=lan7\n' }
    expect(networkd.profiles(networkdGuest(bare))).toMatchObject([
      { name: 'lan7', ports: ['bond0', 'ens33'] },
    ])
  })

  it('what it says now, drop-ins included', () => {
    const tree = networkdGuest({
      'a.network':
        '[Match]\nName=ens33\n[Network]\nAddress=10.0.0.9/24\nAddress=fd00::9/64\nDNS=10.0.0.2\n[Route]\nDestination=10.9.0.0/16\nGateway=10.0.0.7\n',
      'a.network.d/gw.conf':
        '[Route]\nGateway=10.0.0.1\n[Network]\nDNS=\nDNS=10.0.0.3\nDomains=a.example ~.\n',
    })
    expect(networkdProfile(tree)).toMatchObject({
      now: {
        ipv4: { method: 'static', address: '10.0.0.9', prefix: 24, gateway: '10.0.0.1' },
        ipv6: { address: 'fd00::9', prefix: 64 },
        dns: ['10.0.0.3'],
        search: ['a.example'],
      },
      defaultRoute: true,
    })
  })
})

describe('detection', () => {
  const file = { '10-a.network': dhcp('Name=a') }
  const vendor = { [`${VENDOR}/89-ethernet.network`]: dhcp('Type=ether\nKind=!*') }
  const manager = wants('NetworkManager.service')
  it.each<[string, Record<string, string>, GuestNode[], boolean]>([
    ['a file of its own', file, [], true],
    ['the vendor’s', vendor, [], true],
    ['none', {}, [], false],
    ['the vendor’s beside NetworkManager', vendor, [manager], false],
    ['a file of its own beside NetworkManager', file, [manager], true],
    ['masked', file, [link('/etc/systemd/system/systemd-networkd.service', '/dev/null')], false],
  ])('%s', (_, files, more, found) => {
    expect(networkd.detect(networkdGuest(files, ...more)) !== undefined).toBe(found)
  })
})
