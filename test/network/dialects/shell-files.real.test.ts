import { describe, expect, it } from 'vitest'
import { GuestTree, guestFile } from '../../../src/guest/tree.ts'
import { netifrc } from '../../../src/network/dialects/netifrc.ts'
import { rcInet1 } from '../../../src/network/dialects/rc-inet1.ts'
import { rcLocal } from '../../../src/network/dialects/rc-local.ts'
import { wicked } from '../../../src/network/dialects/wicked.ts'
import { DHCP } from '../../support/addressing.ts'
import { bashSays } from '../../support/bash.ts'
import { runDialect } from '../../support/dialect-run.ts'
import { goldenNics } from '../../support/golden-nics.ts'
import { link } from '../../support/ifupdown-guest.ts'
import { SUSE, wickedGuest } from '../../support/wicked-guest.ts'

// The real bash, which is what reads these files in the guest (SLES 11's ifup, netifrc's and Slackware's scripts).
const WANT = {
  ipv4: { method: 'static', address: '10.20.30.40', prefix: 20, gateway: '10.20.16.1' },
  dns: ['10.20.16.2', '10.20.16.3'],
} as const

describe.each([
  ['DHCP', "BOOTPROTO='dhcp'\nIPADDR=''\nNETMASK=''\nSTARTMODE='auto'\n"],
  ['a netmask', "BOOTPROTO='static'\nIPADDR='10.0.0.5'\nNETMASK='255.0.0.0'\nBROADCAST='10.255.255.255'\n"],
  ['a prefix', 'IPADDR=10.0.0.5/8 # lan\nMTU=1400'],
])('SUSE, %s', (_, text) => {
  const words = '"$BOOTPROTO" "$IPADDR" "$NETMASK$BROADCAST"'
  it('static and DHCP', () => {
    const done = runDialect(wicked, wickedGuest(text), WANT, { name: 'eth0' })
    const [protocol, address, rest] = bashSays(done.text(`${SUSE}/ifcfg-eth0`) ?? '', words)
    expect(protocol || 'static').toBe('static')
    expect([`${address}`, `${address}/${rest}`]).toContain(
      rest === '' ? '10.20.30.40/20' : '10.20.30.40/255.255.240.0',
    )
    expect(bashSays(done.text(`${SUSE}/config`) ?? '', '"$NETCONFIG_DNS_STATIC_SERVERS"')).toEqual([
      '10.20.16.2 10.20.16.3',
    ])
    const dhcp = runDialect(wicked, done.after, DHCP, { name: 'eth0' })
    expect(bashSays(dhcp.text(`${SUSE}/ifcfg-eth0`) ?? '', words)).toEqual(['dhcp', '', ''])
  })
})

describe.each([
  ['nothing', ''],
  ['lines', 'config_eth0="10.0.0.5/8 brd +\nfd00::5/64"\nroutes_eth0="default via 10.0.0.1"\n'],
  ['an array', 'config_eth0=( "10.0.0.5/8" "fd00::5/64" )\nroutes_eth0=( "default via 10.0.0.1" )\n'],
])('netifrc, %s', (_, text) => {
  it('static and DHCP', () => {
    const tree = new GuestTree([
      guestFile('/etc/conf.d/net', text),
      link('/etc/runlevels/default/net.eth0', '/etc/init.d/net.eth0'),
    ])
    const done = runDialect(netifrc, tree, WANT)
    const said = (from: typeof done) =>
      bashSays(
        from.text('/etc/conf.d/net') ?? '',
        `"\${config_eth0[@]}" "\${routes_eth0[@]}" "$dns_servers_eth0"`,
      ).flatMap((one) => one.split('\n'))
    expect(said(done)).toEqual([
      expect.stringMatching(/^10\.20\.30\.40\/20( brd \+)?$/),
      ...(text === '' ? [] : ['fd00::5/64']),
      'default via 10.20.16.1',
      '10.20.16.2 10.20.16.3',
    ])
    const dhcp = said(runDialect(netifrc, done.after, DHCP)).filter((one) => one !== '')
    expect(dhcp).toEqual(['dhcp', ...(text === '' ? [] : ['fd00::5/64'])])
  })
})

describe.each([
  [
    '14.2',
    'IPADDR[0]=""\nNETMASK[0]=""\nUSE_DHCP[0]="yes"\nGATEWAY=""\n',
    ['', '10.20.30.40', '255.255.240.0', '', '10.20.16.1'],
  ],
  ['15', 'IPADDRS[0]=""\nUSE_DHCP[0]="yes"\nGATEWAY=""\n', ['', '', '', '10.20.30.40/20', '10.20.16.1']],
])('Slackware %s', (_, text, expected) => {
  it('static and DHCP', () => {
    const words = `"\${USE_DHCP[0]}" "\${IPADDR[0]}" "\${NETMASK[0]}" "\${IPADDRS[0]}" "$GATEWAY"`
    const path = '/etc/rc.d/rc.inet1.conf'
    const tree = new GuestTree([guestFile(path, text), guestFile('/etc/resolv.conf', '')])
    const done = runDialect(rcInet1, tree, WANT)
    expect(bashSays(done.text(path) ?? '', words)).toEqual(expected)
    expect(done.text('/etc/resolv.conf')).toBe('nameserver 10.20.16.2\nnameserver 10.20.16.3\n')
    expect(bashSays(runDialect(rcInet1, done.after, DHCP).text(path) ?? '', words)).toEqual([
      'yes',
      '',
      '',
      '',
      '',
    ])
  })
})

/** The ip commands that bash gives when it runs a script, and nothing else that it runs. */
const commandsIn = (script: string) =>
  bashSays(
    `ran=(); ip() { ran+=("$*"); }\nfunction /sbin/ip { ip "$@"; }\ncommand_not_found_handle() { :; }\n${script}\n`,
    `"\${ran[@]}"`,
  )

describe.each([
  [
    'the handbook’s way',
    '#!/bin/sh\n# lan\nip link set dev eth0 up\nip addr add 10.0.0.5/8 brd + dev eth0\nip route add default via 10.0.0.1\n',
  ],
  ['no route yet', '  ip addr add 10.0.0.5/8 dev eth0\nlogger "ip addr add 10.0.0.5/8 dev eth0"\n'],
  ['other words', '/sbin/ip a replace dev eth0 10.0.0.5/8 # lan\nip r add default dev eth0 via 10.0.0.1\n'],
  ['no line end', 'ip addr add 10.0.0.5/8 dev eth0'],
])('rc.local, %s', (_, text) => {
  it('static', () => {
    const tree = new GuestTree([
      guestFile('/etc/rc.local', text, { mode: 0o755 }),
      guestFile('/etc/runit/2', ''),
      guestFile('/etc/resolv.conf', ''),
    ])
    const commands = commandsIn(runDialect(rcLocal, tree, WANT).text('/etc/rc.local') ?? '')
    expect(commands.filter((one) => /\b(a|addr) /.test(one))).toEqual([
      expect.stringMatching(/^a(ddr)? (add|replace) .*\b10\.20\.30\.40\/20\b/),
    ])
    expect(commands.filter((one) => one.includes('default'))).toEqual([
      expect.stringMatching(/^r(oute)? add default .*\bvia 10\.20\.16\.1\b/),
    ])
    expect(commands.join()).not.toContain('10.0.0.')
  })
})

describe.each(goldenNics('rc.local').map((one) => [one.golden, one] as const))(
  'golden guest %s',
  (_, { after, addressing: { ipv4 } }) => {
    it('has what was asked', () => {
      if (ipv4?.method !== 'static') throw new Error('rc.local has static addresses only')
      const commands = commandsIn(after.text('/etc/rc.local') ?? '').join('\n')
      expect(commands).toMatch(new RegExp(`^addr add ${ipv4.address}/${ipv4.prefix} `, 'm'))
      expect(commands).toMatch(new RegExp(`^route add default via ${ipv4.gateway}\\b`, 'm'))
    })
  },
)
