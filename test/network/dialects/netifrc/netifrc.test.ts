import { fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../../../src/guest/tree.ts'
import { netifrc } from '../../../../src/network/dialects/netifrc.ts'
import type { NicAddressing } from '../../../../src/network/model.ts'
import { dialectLaws } from '../../../support/dialect-laws.ts'
import { type Options, profileIn, runDialect } from '../../../support/dialect-run.ts'
import { link, STATIC } from '../../../support/ifupdown-guest.ts'

const CONF = '/etc/conf.d/net'
const RUNLEVEL = link('/etc/runlevels/default/net.eth0', '/etc/init.d/net.eth0')
const guest = (text: string, ...more: GuestNode[]) =>
  new GuestTree([guestFile(CONF, text), RUNLEVEL, ...more])
const edit = (text: string, want: NicAddressing, options: Options = {}) => {
  const done = runDialect(netifrc, guest(text), want, options)
  return { ...done, conf: done.text(CONF) }
}
const now = (text: string) => profileIn(netifrc, guest(text)).now
const fixed = (address: string, prefix: number, gateway?: string) => ({
  method: 'static',
  address,
  prefix,
  ...(gateway === undefined ? {} : { gateway }),
})

describe('in force', () => {
  it('is what a runlevel starts', () => {
    expect(netifrc.detect(guest(''))?.because).toBe(`${CONF} and ${RUNLEVEL.path}`)
    expect(netifrc.detect(new GuestTree([RUNLEVEL]))?.because).toBe(RUNLEVEL.path)
    expect(
      netifrc.detect(
        new GuestTree([guestFile(CONF, ''), link('/etc/runlevels/boot/net.lo', '/etc/init.d/net.lo')]),
      ),
    ).toBeUndefined()
  })
})

describe('reading', () => {
  it.each<[string, string, unknown]>([
    ['nothing', '', { method: 'dhcp' }],
    ['dhcp', 'config_eth0="dhcp"\n', { method: 'dhcp' }],
    [
      'a prefix',
      'config_eth0="10.0.0.5/24 brd +"\nroutes_eth0="default via 10.0.0.1"\n',
      fixed('10.0.0.5', 24, '10.0.0.1'),
    ],
    ['a netmask', 'config_eth0="10.0.0.5 netmask 255.255.0.0"\n', fixed('10.0.0.5', 16)],
    ['several on a line', 'config_eth0="10.0.0.5/24 10.0.0.6/24"\n', fixed('10.0.0.5', 24)],
    [
      'several lines',
      'config_eth0="fd00::5/64\n10.0.0.5/24"\nroutes_eth0="10.9.0.0/16 via 10.0.0.9\ndefault gw 10.0.0.1"\n',
      fixed('10.0.0.5', 24, '10.0.0.1'),
    ],
    [
      'arrays',
      'config_eth0=( "10.0.0.5/24" "10.0.0.6/24" )\nroutes_eth0=( "default via 10.0.0.1" )\n',
      fixed('10.0.0.5', 24, '10.0.0.1'),
    ],
    ['null', 'config_eth0="null"\n', undefined],
  ])('%s', (_, text, ipv4) => expect(now(text).ipv4).toEqual(ipv4))

  it('names by the interface before those for all; IPv6 with its gateway', () => {
    const text =
      'dns_servers="9.9.9.9"\ndns_servers_eth0="10.0.0.2"\ndns_domain="a.example"\nconfig_eth0="10.0.0.5/24\nFD00::5/64"\nroutes_eth0="default via fe80::1"\n'
    expect(now(text)).toMatchObject({
      dns: ['10.0.0.2'],
      search: ['a.example'],
      ipv6: { address: 'fd00::5', prefix: 64, gateway: 'fe80::1' },
    })
  })

  it('other signs in a name are underscores; a bridge owns its port', () => {
    const runlevel = (name: string) => link(`/etc/runlevels/default/net.${name}`, `/etc/init.d/net.${name}`)
    const tree = new GuestTree([
      guestFile(CONF, 'bridge_br_0="eth0"\nconfig_eth0="null"\nconfig_br_0="10.0.0.5/24"\n'),
      RUNLEVEL,
      runlevel('br-0'),
    ])
    expect(netifrc.profiles(tree)).toMatchObject([
      { name: 'br-0', ports: ['eth0'], now: { ipv4: { address: '10.0.0.5' } } },
    ])
  })
})

describe('editing', () => {
  const want = { ...STATIC, dns: ['192.168.8.2', '1.1.1.1'], search: ['a.example'] }
  it.each<[string, string, NicAddressing, string]>([
    [
      'nothing there',
      '# net\n',
      want,
      '# net\nconfig_eth0="192.168.8.12/24"\nroutes_eth0="default via 192.168.8.2"\ndns_servers_eth0="192.168.8.2 1.1.1.1"\ndns_search_eth0="a.example"\n',
    ],
    [
      'DHCP',
      'config_eth0="dhcp"\n',
      STATIC,
      'config_eth0="192.168.8.12/24"\nroutes_eth0="default via 192.168.8.2"\n',
    ],
    [
      'a netmask and a broadcast',
      "config_eth0='10.0.0.5 netmask 255.0.0.0 brd 10.255.255.255'\n",
      STATIC,
      'config_eth0=\'192.168.8.12 netmask 255.255.255.0\'\nroutes_eth0="default via 192.168.8.2"\n',
    ],
    [
      'lines',
      'config_eth0="10.0.0.5/24 brd +\nfd00::5/64"\nroutes_eth0="\n  10.9.0.0/16 via 10.0.0.9\n  default via 10.0.0.1"\n',
      STATIC,
      'config_eth0="192.168.8.12/24 brd +\nfd00::5/64"\nroutes_eth0="10.9.0.0/16 via 10.0.0.9\ndefault via 192.168.8.2"\n',
    ],
    [
      'arrays',
      'config_eth0=( "10.0.0.5/24" )\nroutes_eth0=( "default via 10.0.0.1" )\n',
      STATIC,
      'config_eth0=( "192.168.8.12/24" )\nroutes_eth0=( "default via 192.168.8.2" )\n',
    ],
    [
      'DHCP again',
      'modules="!iwconfig"\nconfig_eth0="10.0.0.5/24"\nroutes_eth0="default via 10.0.0.1"\ndns_servers_eth0="10.0.0.1"\n',
      { ipv4: { method: 'dhcp' } },
      'modules="!iwconfig"\nconfig_eth0="dhcp"\n',
    ],
  ])('%s', (_, before, wanted, after) => expect(edit(before, wanted).conf).toBe(after))

  it('IPv6 beside DHCP', () => {
    const done = edit('config_eth0="dhcp"\n', {
      ipv6: { address: 'fd00::12', prefix: 64, gateway: 'fe80::1' },
    })
    expect(done.conf).toBe('config_eth0="dhcp\nfd00::12/64"\nroutes_eth0="default via fe80::1"\n')
  })

  it('an old MAC override goes; a hook that names the old address is told of', () => {
    const text =
      'mac_eth0="00:0c:29:aa:bb:01"\nconfig_eth0="10.0.0.5/24"\npostup() {\n\tif [ "$IFACE" = eth0 ]; then\n\t\tip rule add from 10.0.0.5\n\tfi\n}\n'
    const mac = { from: ['00:0c:29:aa:bb:01'], to: '00:50:56:00:00:01' }
    const done = edit(text, STATIC, { mac })
    expect(done.conf).not.toContain('mac_eth0')
    expect(done.codes).toEqual(['old-value-left'])
  })

  it('makes the file if there is none', () => {
    expect(runDialect(netifrc, new GuestTree([RUNLEVEL]), STATIC).text(CONF)).toBe(
      'config_eth0="192.168.8.12/24"\nroutes_eth0="default via 192.168.8.2"\n',
    )
  })
})

describe('shell logic is refused', () => {
  it.each([
    ['a condition', 'if [ -e /x ]; then\nconfig_eth0="dhcp"\nfi\n', 1],
    ['a command that works it out', 'config_eth0="$(cat /x)"\n', 1],
    ['a hook that sets it', 'preup() {\n  config_eth0="dhcp"\n}\n', 2],
    ['a value that grows', 'config_eth0="dhcp"\nconfig_eth0+="\n10.0.0.5/24"\n', 2],
    ['another file', '. /etc/conf.d/net.local\n', 1],
  ])('%s', (_, text, line) => {
    const tree = guest(text)
    const profile = profileIn(netifrc, tree)
    const plan = { profile, addressing: STATIC, mac: { from: [] }, operation: 'network' }
    expect(() => netifrc.edit(tree, plan)).toThrow(
      expect.objectContaining({
        code: 'NETWORK_UNSUPPORTED',
        position: { file: CONF, line },
        hint: expect.any(String),
      }),
    )
    expect(netifrc.edit(tree, { ...plan, addressing: {} }).changes).toEqual([])
  })
})

dialectLaws({
  dialect: netifrc,
  name: 'eth0',
  path: CONF,
  guest,
  addressing: /^(config_eth0|routes_eth0|dns_servers_eth0)=|^\s*(default via|10\.9\.|fd00)/,
  files: fc
    .uniqueArray(
      fc.constantFrom(
        '# note',
        '',
        'modules="!iwconfig"',
        'config_eth0="dhcp"',
        "config_eth0='10.0.0.5/24 brd 10.0.0.255'",
        'config_eth0="10.0.0.5/24\nfd00::5/64"',
        'config_eth0=( "10.0.0.5/24" )',
        'routes_eth0="default via 10.0.0.1"',
        'routes_eth0="10.9.0.0/16 via 10.0.0.9\ndefault via 10.0.0.1"',
        'routes_eth0=( "default via 10.0.0.1" )',
        'dns_servers_eth0="9.9.9.9"',
        'dns_servers="8.8.8.8"',
        'config_eth1="dhcp"',
        'mtu_eth0="1400" # jumbo',
      ),
      { maxLength: 8 },
    )
    .map((lines) => lines.join('\n')),
})
