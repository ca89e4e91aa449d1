import { describe, expect, it } from 'vitest'
import { GuestTree, guestFile } from '../../../src/guest/tree.ts'
import { netplan } from '../../../src/network/dialects/netplan.ts'
import { FILE, netplanGuest, profileOf } from '../../support/netplan-guest.ts'

const head = 'network:\n  version: 2\n'
const names = (text: string) => netplan.profiles(netplanGuest(text)).map(({ name }) => name)

describe('detection', () => {
  it('says why', () => {
    expect(netplan.detect(netplanGuest(`${head}  ethernets: {ens33: {dhcp4: true}}\n`))?.because).toBe(
      `${FILE} and /usr/sbin/netplan`,
    )
  })

  it('leaves a desktop to NetworkManager, unless its connections are netplan’s too', () => {
    const desktop = { '/etc/netplan/01-network-manager-all.yaml': `${head}  renderer: NetworkManager\n` }
    expect(netplan.detect(netplanGuest(desktop))).toBeUndefined()
    const held = `${head}  ethernets:\n    NM-1:\n      renderer: NetworkManager\n      match: {name: ens33}\n      dhcp4: true\n      networkmanager: {uuid: "1", name: "Wired"}\n`
    const tree = netplanGuest({ ...desktop, '/etc/netplan/90-NM-1.yaml': held })
    expect(netplan.detect(tree)?.because).toBe('/etc/netplan/90-NM-1.yaml and /usr/sbin/netplan')
    expect(profileOf(tree, 'Wired')).toMatchObject({
      interfaceName: 'ens33',
      now: { ipv4: { method: 'dhcp' } },
    })
  })

  it('needs the program', () => {
    const tree = new GuestTree([guestFile(FILE, `${head}  ethernets: {ens33: {dhcp4: true}}\n`)])
    expect(netplan.detect(tree)).toBeUndefined()
  })
})

describe('profiles', () => {
  it('reads what is in force, over all files', () => {
    const tree = netplanGuest({
      '/etc/netplan/00-a.yaml': `${head}  ethernets:\n    renderer: networkd\n    ens33:\n      dhcp4: true\n      addresses: [10.0.0.5/24, "FD00:0::5/64"]\n`,
      '/etc/netplan/10-b.yaml': `${head}  ethernets:\n    ens33:\n      dhcp4: false\n      routes: [{to: default, via: 10.0.0.1}, {to: "::/0", via: "fe80::1"}]\n      nameservers: {addresses: [10.0.0.2], search: [lab]}\n`,
    })
    expect(netplan.profiles(tree)).toEqual([
      {
        dialect: 'netplan',
        name: 'ens33',
        interfaceName: 'ens33',
        file: '/etc/netplan/10-b.yaml',
        at: 'ethernets.ens33',
        now: {
          ipv4: { method: 'static', address: '10.0.0.5', prefix: 24, gateway: '10.0.0.1' },
          ipv6: { address: 'fd00::5', prefix: 64, gateway: 'fe80::1' },
          dns: ['10.0.0.2'],
          search: ['lab'],
        },
        defaultRoute: true,
      },
    ])
  })

  it('takes the owner of the address: bond, bridge or VLAN', () => {
    const tree = netplanGuest(
      `${head}  ethernets:\n    ens33: {match: {macaddress: "00:0C:29:00:00:01"}, set-name: lan0}\n    ens34: {}\n  bonds:\n    bond0: {interfaces: [ens33, ens34]}\n  vlans:\n    vlan7: {id: 7, link: bond0, addresses: [10.0.0.5/24]}\n`,
    )
    expect(netplan.profiles(tree)).toMatchObject([
      { name: 'vlan7', ports: ['lan0', 'ens34'], mac: '00:0c:29:00:00:01', interfaceName: 'vlan7' },
    ])
  })

  it.each([
    [
      'a VLAN beside its link’s own address',
      'ethernets: {ens33: {dhcp4: true}}\n  vlans: {v: {id: 7, link: ens33, addresses: [10.0.0.5/24]}}',
      ['ens33'],
    ],
    [
      'an interface without addressing',
      'ethernets: {ens33: {dhcp4: true}, ens34: {optional: true}}',
      ['ens33', 'ens34'],
    ],
    [
      'a bridge and its port',
      'ethernets: {ens33: {dhcp4: no}}\n  bridges: {br0: {interfaces: [ens33], dhcp4: yes}}',
      ['br0'],
    ],
    ['bridges that are each other’s ports', 'bridges: {a: {interfaces: [b]}, b: {interfaces: [a]}}', []],
    ['what is no interface', 'ethernets: [1]\n  wifis: {w: {dhcp4: true}}', []],
  ])('%s', (_, text, expected) => {
    expect(names(`${head}  ${text}\n`)).toEqual(expected)
  })

  it.each([
    ['{match: {name: ens33}}', 'ens33'],
    ['{match: {name: "en*"}}', undefined],
    ['{match: {macaddress: "00:0c:29:00:00:01"}}', undefined],
    ['{match: {macaddress: "00:0c:29:00:00:01"}, set-name: lan0}', 'lan0'],
  ])('%s: an id beside a match is no name', (text, name) => {
    expect(profileOf(netplanGuest(`${head}  ethernets: {id0: ${text}}\n`), 'id0').interfaceName).toBe(name)
  })
})
