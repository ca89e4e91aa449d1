import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../../../src/guest/tree.ts'
import { dhcpcd } from '../../../../src/network/dialects/dhcpcd.ts'
import type { NicAddressing } from '../../../../src/network/model.ts'
import { DHCPCD_FORMS, dhcpcdFile } from '../../../support/dhcpcd-file.ts'
import { DHCPCD, DHCPCD_CONF, dhcpcdGuest } from '../../../support/dhcpcd-guest.ts'
import { dialectLaws } from '../../../support/dialect-laws.ts'
import { profileIn, runDialect } from '../../../support/dialect-run.ts'
import { link, STATIC } from '../../../support/ifupdown-guest.ts'

const conf = (text: string) => guestFile(DHCPCD_CONF, text)
const edit = (text: string, want: NicAddressing, more: GuestNode[] = []) => {
  const done = runDialect(dhcpcd, dhcpcdGuest(text, more), want, { name: 'eth0' })
  return { ...done, conf: done.text(DHCPCD_CONF) }
}

describe('in force', () => {
  it.each<[string, GuestNode[], RegExp | undefined]>([
    ['a systemd unit', [DHCPCD, conf('')], /dhcpcd\.conf and dhcpcd\.service enabled/],
    ['without a file', [DHCPCD], /^dhcpcd\.service enabled$/],
    ['OpenRC', [link('/etc/runlevels/default/dhcpcd', '/etc/init.d/dhcpcd')], /runlevels/],
    ['runit', [link('/etc/runit/runsvdir/default/dhcpcd', '/etc/sv/dhcpcd')], /runsvdir/],
    [
      'runit, kept down',
      [link('/etc/runit/runsvdir/default/dhcpcd', '/etc/sv/dhcpcd'), guestFile('/etc/sv/dhcpcd/down', '')],
      undefined,
    ],
    [
      'a unit for one interface',
      [
        link(
          '/etc/systemd/system/multi-user.target.wants/dhcpcd@ens33.service',
          '/usr/lib/systemd/system/dhcpcd@.service',
        ),
      ],
      /dhcpcd@ens33/,
    ],
    ['a file alone', [conf('interface eth0\n')], undefined],
  ])('%s', (_, nodes, because) => {
    const evidence = dhcpcd.detect(new GuestTree(nodes))
    if (because === undefined) expect(evidence).toBeUndefined()
    else expect(evidence?.because).toMatch(because)
  })
})

describe('profiles', () => {
  const names = (text: string, ...more: GuestNode[]) =>
    dhcpcd.profiles(new GuestTree([conf(text), ...more])).map(({ name }) => name)
  const file = (path: string) => guestFile(path, '')

  it.each<[string, string, GuestNode[], string[]]>([
    ['blocks', 'interface eth1\ninterface wlan0\nssid x\nprofile y\n', [], ['eth1']],
    ['leases', '', [file('/var/lib/dhcpcd/ens33.lease'), file('/var/lib/dhcpcd/wlan0-x.lease')], ['ens33']],
    ['old leases', '', [file('/var/lib/dhcpcd5/dhcpcd-eth0.lease')], ['eth0']],
    ['denied', 'denyinterfaces eth* lo\ninterface eth0\n', [file('/var/lib/dhcpcd/ens33.lease')], ['ens33']],
    ['allowed', 'allowinterfaces eth1\ninterface eth0\n', [], ['eth1']],
    ['names of the kernel', '', [link('/etc/systemd/network/99-default.link', '/dev/null')], ['eth0']],
    ['a comment', '#interface eth0\n', [], ['all interfaces']],
  ])('%s', (_, text, more, expected) => expect(names(text, ...more)).toEqual(expected))

  it('reads a block before what is for all', () => {
    const text =
      'static domain_name_servers=9.9.9.9\ninterface eth0\nstatic ip_address=10.0.0.5/24\nstatic routers=10.0.0.1 10.0.0.9\nstatic ip6_address=fd00::5/64\nstatic domain_search=a.example b.example\nssid x\nstatic ip_address=1.1.1.1/8\n'
    expect(profileIn(dhcpcd, dhcpcdGuest(text), 'eth0')).toMatchObject({
      now: {
        ipv4: { method: 'static', address: '10.0.0.5', prefix: 24, gateway: '10.0.0.1' },
        ipv6: { address: 'fd00::5', prefix: 64 },
        dns: ['9.9.9.9'],
        search: ['a.example', 'b.example'],
      },
      defaultRoute: true,
    })
  })
})

describe('reading as dhcpcd does', () => {
  it.each(Object.entries(DHCPCD_FORMS))('%s', (_, [text, expected]) =>
    expect(profileIn(dhcpcd, dhcpcdGuest(text), 'eth0').now.ipv4).toEqual(expected),
  )
})

describe('editing', () => {
  it('makes a block at the end', () => {
    const want = { ...STATIC, dns: ['192.168.8.2', '1.1.1.1'], search: ['a.example'] }
    expect(edit('hostname\n# Example:\n#interface eth0\n#static ip_address=192.168.0.10/24', want).conf).toBe(
      'hostname\n# Example:\n#interface eth0\n#static ip_address=192.168.0.10/24\n\ninterface eth0\nstatic ip_address=192.168.8.12/24\nstatic routers=192.168.8.2\nstatic domain_name_servers=192.168.8.2 1.1.1.1\nstatic domain_search=a.example\n',
    )
  })

  it('keeps a block’s other lines, its indent and what is behind it', () => {
    const text =
      'interface eth0\n  # lan\n  static ip_address=10.0.0.5/24   # ours\n  metric 5\n\ninterface wlan0\nmetric 9\n'
    expect(edit(text, STATIC).conf).toBe(
      text.replace('10.0.0.5/24   # ours\n', '192.168.8.12/24   # ours\n  static routers=192.168.8.2\n'),
    )
  })

  it('mends a line that dhcpcd does not understand', () => {
    const text = 'interface eth0\n static ip_address = 192.168.8.12/24\nstatic routers = 192.168.8.2\n'
    expect(edit(text, STATIC).conf).toBe(
      'interface eth0\n static ip_address=192.168.8.12/24\nstatic routers=192.168.8.2\n',
    )
  })

  it('takes an old mask and broadcast out', () => {
    const text =
      'interface eth0\nstatic ip_address=10.0.0.5\nstatic subnet_mask=255.255.0.0\nstatic broadcast_address=10.0.255.255\nnogateway\n'
    expect(edit(text, STATIC).conf).toBe(
      'interface eth0\nstatic ip_address=192.168.8.12/24\nstatic routers=192.168.8.2\n',
    )
  })

  it('DHCP takes the static lines out, and leaves IPv6 and the rest', () => {
    const text =
      'interface eth0\nstatic ip_address=10.0.0.5/24\nstatic routers=10.0.0.1\nstatic domain_name_servers=10.0.0.1\nstatic interface_mtu=1400\nstatic ip6_address=fd00::5/64\n'
    const done = edit(text, { ipv4: { method: 'dhcp' } })
    expect(done.conf).toBe('interface eth0\nstatic interface_mtu=1400\nstatic ip6_address=fd00::5/64\n')
    expect(done.codes).toEqual(['ipv6-kept'])
  })

  it('resolv.conf is written where dhcpcd is told to leave it', () => {
    const done = edit('nohook lookup-hostname, resolv.conf\n', { ...STATIC, dns: ['192.168.8.2'] }, [
      guestFile('/etc/resolv.conf', 'nameserver 10.0.0.1\n'),
    ])
    expect(done.text('/etc/resolv.conf')).toBe('nameserver 192.168.8.2\n')
    expect(done.conf).not.toContain('domain_name_servers')
  })

  it('tells of a profile to fall back to', () => {
    const text = 'profile lan\nstatic ip_address=10.0.0.5/24\ninterface eth0\nfallback lan\n'
    expect(edit(text, STATIC).codes).toEqual(['old-value-left'])
  })

  it('makes the file if there is none', () => {
    const tree = new GuestTree([DHCPCD, guestFile('/var/lib/dhcpcd/eth0.lease', '')])
    expect(runDialect(dhcpcd, tree, STATIC).text(DHCPCD_CONF)).toMatch(/^interface eth0\nstatic ip_address=/)
  })
})

describe('refused', () => {
  it.each<[string, GuestTree, NicAddressing]>([
    ['no name', new GuestTree([DHCPCD, conf('')]), STATIC],
    ['inform', dhcpcdGuest('interface eth0\ninform 10.0.0.5/24\n'), STATIC],
    ['an address for all', dhcpcdGuest('static ip_address=10.0.0.5/24\n'), STATIC],
    ['arping', dhcpcdGuest('arping 10.0.0.1\nstatic ip_address=10.0.0.5/24\n'), STATIC],
    ['CRLF', dhcpcdGuest('interface eth0\r\nstatic ip_address=10.0.0.5/24\r\n'), STATIC],
    ['no IPv4', dhcpcdGuest('noipv4\n'), STATIC],
    ['an IPv6 gateway', dhcpcdGuest(''), { ipv6: { address: 'fd00::1', prefix: 64, gateway: 'fe80::1' } }],
  ])('%s', (_, tree, addressing) => {
    const profile = profileIn(dhcpcd, tree)
    const plan = (want: NicAddressing) =>
      dhcpcd.edit(tree, { profile, addressing: want, mac: { from: [] }, operation: 'network' })
    expect(() => plan(addressing)).toThrow(
      expect.objectContaining({ code: 'NETWORK_UNSUPPORTED', hint: expect.any(String) }),
    )
    expect(plan({}).changes).toEqual([])
  })
})

dialectLaws({
  dialect: dhcpcd,
  name: 'eth0',
  path: DHCPCD_CONF,
  guest: dhcpcdGuest,
  addressing:
    /^\s*(static (ip_address|subnet_mask|broadcast_address|routers|domain_name_servers)\s*=|nogateway|interface eth0)/,
  files: dhcpcdFile,
})
