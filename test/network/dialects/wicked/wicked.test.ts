import { fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../../../src/guest/tree.ts'
import { wicked } from '../../../../src/network/dialects/wicked.ts'
import { dialectLaws } from '../../../support/dialect-laws.ts'
import { link } from '../../../support/ifupdown-guest.ts'
import { SUSE, WICKED, wickedGuest } from '../../../support/wicked-guest.ts'

const DHCP = "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n"
const file = (name: string, text: string) => guestFile(`${SUSE}/${name}`, text)

describe('in force', () => {
  const script = guestFile('/etc/init.d/network', '')
  const rc = link('/etc/init.d/rc3.d/S05network', '../network')
  const alias = (unit: string) =>
    link('/etc/systemd/system/network.service', `/usr/lib/systemd/system/${unit}.service`)
  it.each<[string, readonly GuestNode[], RegExp | undefined]>([
    ['wicked', WICKED, /network\.service is wicked/],
    ['the script of SLES 11', [script, rc], /S05network/],
    ['SLES 11 with NetworkManager', [script, rc, file('config', 'NETWORKMANAGER="yes"\n')], undefined],
    ['NetworkManager in place of wicked', [alias('NetworkManager')], undefined],
    ['a script that does not start', [script], undefined],
    ['nothing', [], undefined],
  ])('%s', (_, nodes, because) => {
    const evidence = wicked.detect(new GuestTree([file('ifcfg-eth0', DHCP), ...nodes]))
    if (because === undefined) expect(evidence).toBeUndefined()
    else expect(evidence?.because).toMatch(because)
  })

  it('is nothing where only the loopback has a file', () => {
    expect(wicked.detect(new GuestTree([file('ifcfg-lo', ''), ...WICKED]))).toBeUndefined()
  })
})

describe('profiles', () => {
  const names = (...more: GuestNode[]) => wicked.profiles(wickedGuest(DHCP, more)).map(({ name }) => name)

  it('leaves out copies, templates, ports and what is no ethernet', () => {
    expect(
      names(
        file('ifcfg-eth0.rpmsave', DHCP),
        file('ifcfg-eth0.bak', DHCP),
        file('ifcfg-eth0.save', DHCP),
        file('ifcfg-eth1.scpmbackup', DHCP),
        file('ifcfg.template', DHCP),
        file('ifcfg-wlan0', DHCP),
        file('ifcfg-eth7', `WIRELESS='yes'\n${DHCP}`),
      ),
    ).toEqual(['eth0'])
  })

  it.each([
    ['bond0', "BONDING_MASTER='yes'\nBONDING_SLAVE_0='eth0'\nBONDING_SLAVE1='eth1'\n", ['eth0', 'eth1']],
    ['br0', "BRIDGE='yes'\nBRIDGE_PORTS='eth0'\n", ['eth0']],
  ])('%s owns the address of its ports', (name, text, ports) => {
    const tree = wickedGuest("BOOTPROTO='none'\nSTARTMODE='hotplug'\n", [file(`ifcfg-${name}`, text + DHCP)])
    expect(wicked.profiles(tree)).toMatchObject([{ name, ports }])
  })

  it('prefers an interface to the VLAN on it, unless only that has an address', () => {
    const vlan = file('ifcfg-vlan5', `ETHERDEVICE='eth0'\nVLAN_ID='5'\n${DHCP}`)
    expect(names(vlan)).toEqual(['eth0'])
    const bare = wickedGuest("BOOTPROTO='none'\n", [vlan])
    expect(wicked.profiles(bare)).toMatchObject([{ name: 'vlan5', ports: ['eth0'] }])
  })

  it('knows the MAC by a udev rule, by the name of the file, by its override', () => {
    const rule = guestFile(
      '/etc/udev/rules.d/70-persistent-net.rules',
      'SUBSYSTEM=="net", ATTR{address}=="00:0c:29:00:00:01", NAME="eth0"\n',
    )
    expect(wicked.profiles(wickedGuest(DHCP, [rule]))[0]?.mac).toBe('00:0c:29:00:00:01')
    const named = new GuestTree([file('ifcfg-eth-id-00:0c:29:00:00:02', DHCP), ...WICKED])
    expect(wicked.profiles(named)[0]).toMatchObject({ mac: '00:0c:29:00:00:02' })
    expect(wicked.profiles(named)[0]).not.toHaveProperty('interfaceName')
    expect(wicked.profiles(wickedGuest(`LLADDR='00:0C:29:00:00:03'\n${DHCP}`))[0]?.mac).toBe(
      '00:0c:29:00:00:03',
    )
  })
})

describe('reading', () => {
  const now = (text: string, ...more: GuestNode[]) => wicked.profiles(wickedGuest(text, more))[0]?.now
  it.each<[string, string, unknown]>([
    ['dhcp4', "BOOTPROTO='dhcp4'\nIPADDR='10.0.0.5/24'\n", { method: 'dhcp' }],
    ['dhcp+autoip', 'BOOTPROTO=dhcp+autoip\n', { method: 'dhcp' }],
    [
      'dhcp6 beside',
      "BOOTPROTO='dhcp6'\nIPADDR='10.0.0.5/24'\n",
      { method: 'static', address: '10.0.0.5', prefix: 24 },
    ],
    ['nothing is static', "IPADDR='10.0.0.5/24'\n", { method: 'static', address: '10.0.0.5', prefix: 24 }],
    ['none', "BOOTPROTO='none'\nIPADDR='10.0.0.5/24'\n", undefined],
    [
      'the slash before PREFIXLEN before NETMASK',
      "IPADDR='10.0.0.5/25'\nPREFIXLEN='24'\nNETMASK='255.0.0.0'\n",
      { method: 'static', address: '10.0.0.5', prefix: 25 },
    ],
    [
      'PREFIXLEN',
      "IPADDR='10.0.0.5'\nPREFIXLEN='20'\nNETMASK=''\n",
      { method: 'static', address: '10.0.0.5', prefix: 20 },
    ],
    [
      'NETMASK',
      "IPADDR='10.0.0.5'\nNETMASK='255.255.0.0'\n",
      { method: 'static', address: '10.0.0.5', prefix: 16 },
    ],
    [
      'IPADDR before the others, IPv6 left out',
      "IPADDR_1='10.0.1.5/24'\nIPADDR_0='fd00::5/64'\nIPADDR='10.0.0.5/24'\n",
      { method: 'static', address: '10.0.0.5', prefix: 24 },
    ],
    ['no prefix', "IPADDR='10.0.0.5'\n", undefined],
  ])('%s', (_, text, ipv4) => expect(now(text)?.ipv4).toEqual(ipv4))

  it('takes the gateway of ifroute, else one in routes that it can reach', () => {
    const text = "IPADDR='10.0.0.5/24'\n"
    const gateway = (...more: GuestNode[]) => {
      const ipv4 = now(text, ...more)?.ipv4
      return ipv4?.method === 'static' ? ipv4.gateway : undefined
    }
    const other = file('ifcfg-eth1', "IPADDR='10.9.0.5/24'\n")
    expect(gateway(file('routes', 'default 10.0.0.1 - -\n'))).toBe('10.0.0.1')
    expect(gateway(file('routes', 'default 10.9.0.1 - -\n'), other)).toBeUndefined()
    expect(gateway(file('routes', 'default 10.0.0.1 - eth1\n'), other)).toBeUndefined()
    expect(
      gateway(file('routes', 'default 10.0.0.1 - -\n'), file('ifroute-eth0', '# x\n0.0.0.0/0 10.0.0.9\n')),
    ).toBe('10.0.0.9')
    expect(
      gateway(file('ifroute-eth0', 'default fe80::1 - eth0\n10.1.0.0/16 10.0.0.7 - eth0\n')),
    ).toBeUndefined()
  })

  it('reads IPv6 with its gateway, name servers and search domains', () => {
    const config = file(
      'config',
      'NETCONFIG_DNS_STATIC_SERVERS="10.0.0.2 fd00::2"\nNETCONFIG_DNS_STATIC_SEARCHLIST="a.example b.example"\n',
    )
    expect(now("IPADDR_6='FD00::5/64'\n", config, file('ifroute-eth0', 'default fe80::1 - eth0\n'))).toEqual({
      ipv6: { address: 'fd00::5', prefix: 64, gateway: 'fe80::1' },
      dns: ['10.0.0.2', 'fd00::2'],
      search: ['a.example', 'b.example'],
    })
  })
})

dialectLaws({
  dialect: wicked,
  name: 'eth0',
  path: `${SUSE}/ifcfg-eth0`,
  addressing: /^\s*(IPADDR|PREFIXLEN|NETMASK|BROADCAST|NETWORK|BOOTPROTO|LABEL)\w*=(?!'fd)/,
  guest: (text) =>
    wickedGuest(text, [
      file('routes', '# all\ndefault 10.0.0.1 - -\n10.7.0.0/16 10.0.0.7 - -\n'),
      file('ifroute-eth0', 'default fe80::1 - eth0\n'),
    ]),
  files: fc
    .uniqueArray(
      fc.constantFrom(
        '# by hand',
        '',
        "MTU='1400' # jumbo",
        "\tSTARTMODE='auto'",
        "BOOTPROTO='static'",
        'BOOTPROTO=dhcp',
        "BOOTPROTO='dhcp6'",
        "IPADDR='10.0.0.9/24'",
        'IPADDR=10.0.0.8',
        "IPADDR_0='fd00::9/64'",
        "IPADDR_lan='10.0.0.7/24'",
        "NETMASK='255.0.0.0'",
        "PREFIXLEN='16'",
        "BROADCAST='10.0.0.255'",
        "NETWORK=''",
        "NAME='82545EM'",
        'ETHTOOL_OPTIONS="-K iface tso off"',
      ),
      { maxLength: 12 },
    )
    .map((lines) => lines.join('\n')),
})
