import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../../src/guest/tree.ts'
import { ifcfg } from '../../../src/network/dialects/ifcfg.ts'
import { ifcfgGuest, READERS, script } from '../../support/ifcfg-guest.ts'
import { link } from '../../support/ifupdown-guest.ts'

const DHCP = 'DEVICE=eth0\nBOOTPROTO=dhcp\nONBOOT=yes\n'

describe('in force', () => {
  const [network, rc = network] = READERS.scripts
  const [wants, plugin] = READERS.NetworkManager
  const conf = (text: string) => guestFile('/etc/NetworkManager/NetworkManager.conf', text)

  it.each<[string, (GuestNode | undefined)[], RegExp | undefined]>([
    ['the network scripts', [network, rc], /S10network/],
    ['NetworkManager with its plugin', [wants, plugin], /NetworkManager\.service enabled/],
    ['NetworkManager without it (RHEL 10)', [wants], undefined],
    ['a plugin that is not loaded', [wants, plugin, conf('[main]\nplugins=keyfile\n')], undefined],
    [
      'a plugin that is loaded',
      [wants, plugin, conf('[main]\nplugins=ifcfg-rh,keyfile\n')],
      /NetworkManager/,
    ],
    ['scripts that do not start', [network], undefined],
    [
      'wicked',
      [network, rc, link('/etc/systemd/system/network.service', '/usr/lib/systemd/system/wicked.service')],
      undefined,
    ],
    ['nothing', [], undefined],
  ])('%s', (_, nodes, because) => {
    const all = [script('ifcfg-eth0', DHCP), ...nodes.flatMap((node) => node ?? [])]
    const evidence = ifcfg.detect(new GuestTree(all))
    if (because === undefined) expect(evidence).toBeUndefined()
    else expect(evidence?.because).toMatch(because)
  })

  it('is nothing where only the loopback has a file', () => {
    const all = [script('ifcfg-lo', 'DEVICE=lo\n'), ...READERS.NetworkManager]
    expect(ifcfg.detect(new GuestTree(all))).toBeUndefined()
  })
})

describe('profiles', () => {
  const names = (tree: GuestTree) => ifcfg.profiles(tree).map(({ name }) => name)

  it('leaves out ports, copies, aliases and what is no ethernet', () => {
    const tree = ifcfgGuest(DHCP, 'NetworkManager', [
      script('ifcfg-lo', 'DEVICE=lo\n'),
      script('ifcfg-eth0:1', 'DEVICE=eth0:1\nIPADDR=10.0.0.9\n'),
      script('ifcfg-eth0-range0', 'IPADDR_START=10.0.0.9\n'),
      script('ifcfg-eth0.bak', DHCP),
      script('ifcfg-eth0.save', DHCP),
      script('ifcfg-wlan', 'TYPE=Wireless\nESSID=x\n'),
      script('ifcfg-ppp0', 'DEVICE=ppp0\n'),
    ])
    expect(names(tree)).toEqual(['eth0'])
  })

  it.each([
    ['MASTER=bond0\nSLAVE=yes\n', 'bond0', 'TYPE=Bond\nDEVICE=bond0\nIPADDR=10.0.0.5\nPREFIX=24\n'],
    [
      'MASTER_UUID=4e80a56d-0000-4000-8000-000000000001\n',
      'bond0',
      'TYPE=Bond\nUUID=4e80a56d-0000-4000-8000-000000000001\nBOOTPROTO=dhcp\n',
    ],
    ['BRIDGE="br0"\n', 'br0', 'TYPE=Bridge\nDEVICE=br0\nBOOTPROTO=dhcp\n'],
    ['TEAM_MASTER=team0\n', 'team0', 'DEVICETYPE=Team\nDEVICE=team0\nBOOTPROTO=dhcp\n'],
    ['BOOTPROTO=none\n', 'eth0.5', 'VLAN=yes\nDEVICE=eth0.5\nIPADDR=10.0.0.5\nPREFIX=24\n'],
    ['BOOTPROTO=none\n', 'lan', 'TYPE=Vlan\nDEVICE=lan\nPHYSDEV=eth0\nBOOTPROTO=dhcp\n'],
  ])('%s belongs to what owns the address', (port, name, owner) => {
    const tree = ifcfgGuest(`DEVICE=eth0\nHWADDR=00:0C:29:AA:BB:01\n${port}`, 'NetworkManager', [
      script(`ifcfg-${name}`, owner),
    ])
    expect(ifcfg.profiles(tree)).toMatchObject([{ name, ports: ['eth0'], mac: '00:0c:29:aa:bb:01' }])
  })

  it('prefers an interface to the VLAN on it if both have an address', () => {
    const vlan = script('ifcfg-eth0.5', 'VLAN=yes\nDEVICE=eth0.5\nIPADDR=10.0.0.5\nPREFIX=24\n')
    expect(names(ifcfgGuest(DHCP, 'scripts', [vlan]))).toEqual(['eth0'])
  })

  it('NM_CONTROLLED=no is the scripts’, or nobody’s', () => {
    const text = `${DHCP}NM_CONTROLLED=no\n`
    expect(names(ifcfgGuest(text))).toEqual([])
    expect(names(ifcfgGuest(text, 'NetworkManager', READERS.scripts))).toEqual(['eth0'])
  })
})

describe('reading', () => {
  const read = (text: string, reader: keyof typeof READERS = 'NetworkManager', global = '') =>
    ifcfg.profiles(ifcfgGuest(text, reader, [guestFile('/etc/sysconfig/network', global)]))[0]

  it.each<[string, string, unknown]>([
    ['DHCP', 'BOOTPROTO=DHCP\n', { method: 'dhcp' }],
    ['nothing', 'BOOTPROTO=none\n', undefined],
    ['an unknown word', 'BOOTPROTO=shared\nIPADDR=10.0.0.5\n', undefined],
    [
      'PREFIX before NETMASK',
      'IPADDR=10.0.0.5\nPREFIX=16\nNETMASK=255.255.255.0\n',
      { method: 'static', address: '10.0.0.5', prefix: 16 },
    ],
    [
      'an index',
      "IPADDR0='10.0.0.5'\nNETMASK0=255.255.255.0\nGATEWAY0=10.0.0.1\n",
      { method: 'static', address: '10.0.0.5', prefix: 24, gateway: '10.0.0.1' },
    ],
    [
      'the first of two',
      'IPADDR1=10.0.1.5\nPREFIX1=24\nIPADDR=10.0.0.5\nPREFIX=25\n',
      { method: 'static', address: '10.0.0.5', prefix: 25 },
    ],
    ['the class', 'IPADDR=172.16.0.5\n', { method: 'static', address: '172.16.0.5', prefix: 16 }],
    [
      'no default route',
      'IPADDR=10.0.0.5\nPREFIX=24\nGATEWAY=10.0.0.1\nDEFROUTE=no\n',
      { method: 'static', address: '10.0.0.5', prefix: 24 },
    ],
    [
      'CRLF',
      'BOOTPROTO="none"\r\nIPADDR="10.0.0.5"\r\nPREFIX="24"\r\n',
      { method: 'static', address: '10.0.0.5', prefix: 24 },
    ],
  ])('%s', (_, text, ipv4) => expect(read(text)?.now.ipv4).toEqual(ipv4))

  it('knows DHCP in capitals by NetworkManager only', () => {
    expect(read('BOOTPROTO=DHCP\nIPADDR=10.0.0.5\nPREFIX=24\n', 'scripts')?.now.ipv4).toMatchObject({
      method: 'static',
    })
  })

  it('takes the gateway that all interfaces share', () => {
    const text = 'DEVICE=eth0\nIPADDR=10.0.0.5\nPREFIX=24\n'
    const gateway = (global: string) => read(text, 'scripts', global)?.now.ipv4
    expect(gateway('GATEWAY=10.0.0.1\n')).toMatchObject({ gateway: '10.0.0.1' })
    expect(gateway('GATEWAY=10.0.0.1\nGATEWAYDEV=eth1\n')).not.toHaveProperty('gateway')
    expect(gateway('GATEWAY=10.9.0.1\n')).not.toHaveProperty('gateway')
  })

  it('reads name servers to the first gap, search domains and IPv6', () => {
    const text =
      'BOOTPROTO=none\nDNS1=10.0.0.2\nDNS2=fd00::2\nDNS4=9.9.9.9\nDOMAIN="a.example b.example"\nIPV6INIT=yes\nIPV6ADDR=FD00::5/64\nIPV6_DEFAULTGW=fe80::1%eth0\n'
    expect(read(text)?.now).toEqual({
      ipv6: { address: 'fd00::5', prefix: 64, gateway: 'fe80::1' },
      dns: ['10.0.0.2', 'fd00::2'],
      search: ['a.example', 'b.example'],
    })
  })

  it('reads /etc/resolv.conf where the scripts leave it as it is', () => {
    const resolv = guestFile('/etc/resolv.conf', 'nameserver 10.0.0.3\n')
    const text = 'IPADDR=10.0.0.5\nPREFIX=24\n'
    expect(ifcfg.profiles(ifcfgGuest(text, 'scripts', [resolv]))[0]?.now.dns).toEqual(['10.0.0.3'])
    expect(ifcfg.profiles(ifcfgGuest(text, 'NetworkManager', [resolv]))[0]?.now.dns).toBeUndefined()
  })
})
