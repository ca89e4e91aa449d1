import { fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../../../src/guest/tree.ts'
import { connman } from '../../../../src/network/dialects/connman.ts'
import type { NicAddressing } from '../../../../src/network/model.ts'
import { dialectLaws } from '../../../support/dialect-laws.ts'
import { changedPaths, type Options, profileIn, runDialect } from '../../../support/dialect-run.ts'
import { link, STATIC } from '../../../support/ifupdown-guest.ts'

const DIR = '/var/lib/connman'
const UNIT = link(
  '/etc/systemd/system/multi-user.target.wants/connman.service',
  '/lib/systemd/system/connman.service',
)
const OLD = 'ethernet_000c29aabb01_cable'
const mac = { from: ['00:0c:29:aa:bb:01'], to: '00:50:56:00:00:01' }
const config = (text: string, name = 'lan') => guestFile(`${DIR}/${name}.config`, text)
const settings = (text: string): GuestNode[] => [
  { ...guestFile(`${DIR}/${OLD}`, ''), kind: 'directory' },
  guestFile(`${DIR}/${OLD}/settings`, `[${OLD}]\nName=Wired\nAutoConnect=true\n${text}`, { mode: 0o600 }),
]
const MANUAL =
  'IPv4.method=manual\nIPv4.netmask_prefixlen=24\nIPv4.local_address=10.0.0.5\nIPv4.gateway=10.0.0.1\nNameservers=10.0.0.2;\nDomains=a.example;\n'
const guest = (...nodes: GuestNode[]) => new GuestTree([UNIT, ...nodes])
const edit = (tree: GuestTree, want: NicAddressing, options: Options = {}) => {
  const done = runDialect(connman, tree, want, options)
  return { ...done, paths: changedPaths(tree, done.after).map((path) => path.slice(DIR.length + 1)) }
}

it('is in force where it starts', () => {
  expect(connman.detect(guest())?.because).toBe('connman.service enabled')
  expect(connman.detect(new GuestTree([config('')]))).toBeUndefined()
})

describe('reading', () => {
  it('provisioned services, by MAC before device, and what is kept for other MACs', () => {
    const text =
      '[service_a]\nType = ethernet\nMAC = 00:0C:29:AA:BB:02\nDeviceName = eth9\nIPv4 = 10.0.0.6/255.255.255.0/10.0.0.1\nIPv6 = FD00::6/64/fe80::1\nNameservers = 10.0.0.2,10.0.0.3\nSearchDomains = a.example\n\n[service_w]\nType = wifi\n\n[service_b]\nType=ethernet\nDeviceName=eth1\n'
    expect(connman.profiles(guest(config(text), ...settings(MANUAL)))).toMatchObject([
      {
        name: 'a',
        mac: '00:0c:29:aa:bb:02',
        now: {
          ipv4: { method: 'static', address: '10.0.0.6', prefix: 24, gateway: '10.0.0.1' },
          ipv6: { address: 'fd00::6', prefix: 64, gateway: 'fe80::1' },
          dns: ['10.0.0.2', '10.0.0.3'],
          search: ['a.example'],
        },
      },
      { name: 'b', interfaceName: 'eth1', now: { ipv4: { method: 'dhcp' } } },
      {
        name: OLD,
        mac: mac.from[0],
        now: { ipv4: { address: '10.0.0.5', gateway: '10.0.0.1' }, dns: ['10.0.0.2'], search: ['a.example'] },
      },
      { name: 'wired by DHCP', shared: true, now: { ipv4: { method: 'dhcp' } } },
    ])
  })

  it('a service for all hides the rest; a name with other signs is passed over', () => {
    const all = config('[service_x]\nType=ethernet\nIPv4=off\n')
    expect(connman.profiles(guest(all, ...settings(MANUAL)))).toMatchObject([{ name: 'x', now: {} }])
    expect(connman.profiles(guest(config('[service_x]\nType=ethernet\n', 'my-lan')))).toMatchObject([
      { shared: true },
    ])
  })
})

describe('reading as ConnMan does', () => {
  const STILL = { method: 'static', address: '10.0.0.5', prefix: 24 } as const
  it.each<[string, object]>([
    ['IPv4=10.0.0.5/24', STILL],
    ['IPv4=10.0.0.5/255.255.255.0/', STILL],
    ['IPv4 = 10.0.0.5/24/10.0.0.1', { ...STILL, gateway: '10.0.0.1' }],
    ['IPv4=DHCP', { method: 'dhcp' }],
    ['IPv4=auto', { method: 'dhcp' }],
    ['MDNS=true', { method: 'dhcp' }],
  ])('%s', (line, ipv4) => {
    const tree = guest(config(`[service_lan]\nType=ethernet\n${line}\n`))
    expect(connman.profiles(tree)).toMatchObject([{ name: 'lan', now: { ipv4 } }])
  })

  it.each([
    'IPv4=10.0.0.5',
    'IPv4=10.0.0.5/',
    'IPv4=x/24',
    'IPv4=10.0.0.5/24/gw',
    'IPv6=fd00::5',
    'IPv6=10.0.0.5/24',
  ])('a service with %s is passed over', (line) => {
    const tree = guest(config(`[service_lan]\nType=ethernet\n${line}\n`))
    expect(connman.profiles(tree)).toMatchObject([{ shared: true }])
  })
})

describe('editing', () => {
  const WANT = { ...STATIC, dns: ['192.168.8.2', '1.1.1.1'], search: ['b.example'] }
  const WRITTEN =
    '[service_vmclone0]\nType=ethernet\nMAC=00:50:56:00:00:01\nIPv4=192.168.8.12/24/192.168.8.2\nNameservers=192.168.8.2,1.1.1.1\nSearchDomains=b.example\n'

  it('makes a file for the NIC where there was none', () => {
    const done = edit(guest(), WANT, { mac, newName: 'vmclone0' })
    expect(done.paths).toEqual(['vmclone0.config'])
    expect(done.text(`${DIR}/vmclone0.config`)).toBe(WRITTEN)
    expect(done.changes[0]).toMatchObject({ mode: 0o600 })
  })

  it('in place of what is kept for the old MAC', () => {
    const done = edit(guest(...settings(MANUAL)), WANT, { mac, name: OLD, newName: 'vmclone0' })
    expect(done.text(`${DIR}/vmclone0.config`)).toBe(WRITTEN)
    expect(done.after.glob(`${DIR}/${OLD}/**`)).toEqual([])
  })

  it('to DHCP, of what is kept', () => {
    const done = edit(
      guest(...settings(MANUAL)),
      { ipv4: { method: 'dhcp' } },
      { mac, name: OLD, newName: 'vmclone0' },
    )
    expect(done.text(`${DIR}/vmclone0.config`)).toBe(
      '[service_vmclone0]\nType=ethernet\nMAC=00:50:56:00:00:01\nIPv4=dhcp\nSearchDomains=a.example\n',
    )
  })

  it('what is kept follows the MAC if nothing else is asked', () => {
    const newName = 'ethernet_005056000001_cable'
    const done = edit(guest(...settings(MANUAL)), {}, { mac, name: OLD, newName })
    expect(done.paths).toEqual([`${OLD}/settings`, `${newName}/settings`])
    expect(done.text(`${DIR}/${newName}/settings`)).toMatch(/^\[ethernet_005056000001_cable\]\nName=Wired\n/)
    const unknown = edit(guest(...settings(MANUAL)), {}, { mac: { from: mac.from }, name: OLD })
    expect(unknown.codes).toEqual(['mac-pin-left'])
  })

  it('what follows the MAC leaves its lease and DUID behind', () => {
    const leased =
      'IPv4.method=dhcp\nIPv4.DHCP.LastAddress=10.0.0.77\nIPv6.DHCP.DUID=0001000c29aabb01\nmDNS=true\n'
    const newName = 'ethernet_005056000001_cable'
    const done = edit(guest(...settings(leased)), {}, { mac, name: OLD, newName })
    expect(done.text(`${DIR}/${newName}/settings`)).toBe(
      `[${newName}]\nName=Wired\nAutoConnect=true\nIPv4.method=dhcp\nmDNS=true\n`,
    )
  })

  describe('what is kept for the old MAC beside a file', () => {
    const file = (more = '') => config(`[service_lan]\nType=ethernet\n${more}IPv4=10.0.0.5/24\n`)
    const data = guestFile(`${DIR}/${OLD}/data`, 'RX=1\n')
    const other = guestFile(`${DIR}/ethernet_000c29ffffff_cable/settings`, '[ethernet_000c29ffffff_cable]\n')

    it.each([
      ['for its MAC', file('MAC=00:0C:29:AA:BB:01\n')],
      ['for all', file()],
    ])('%s goes away', (_, lan) => {
      const done = edit(guest(lan, ...settings(MANUAL), data, other), {}, { mac, name: 'lan' })
      expect(done.after.glob(`${DIR}/${OLD}*`)).toEqual([])
      expect(done.after.entry(data.path)).toBeUndefined()
      expect(done.after.entry(other.path)).toBe(other)
    })

    it.each([
      ['the new one is not known', { from: mac.from }],
      ['the MAC stays', { from: mac.from, to: '00:0c:29:aa:bb:01' }],
      ['the MAC was another', { from: ['00:0c:29:aa:bb:02'], to: mac.to }],
    ])('stays where %s', (_, change) => {
      const done = edit(guest(file(), ...settings(MANUAL)), {}, { mac: change, name: 'lan' })
      expect(done.changes).toEqual([])
    })
  })

  it('a service in place, its MAC too', () => {
    const text =
      '# ours\n[service_lan]\nType = ethernet\nMAC = 00:0c:29:aa:bb:01\nIPv4 = 10.0.0.5/24\nMDNS = true\n'
    const done = edit(guest(config(text)), STATIC, { mac, name: 'lan' })
    expect(done.text(`${DIR}/lan.config`)).toBe(
      '# ours\n[service_lan]\nType = ethernet\nMAC = 00:50:56:00:00:01\nIPv4 = 192.168.8.12/24/192.168.8.2\nMDNS = true\n',
    )
    expect(done.codes).toEqual([])
  })

  it('says of a service for all that each takes the address', () => {
    expect(edit(guest(config('[service_lan]\nType=ethernet\n')), STATIC).codes).toEqual(['match-not-single'])
  })

  it('DHCP asked for where DHCP is changes nothing', () => {
    expect(edit(guest(), { ipv4: { method: 'dhcp' } }).changes).toEqual([])
  })

  it('is refused where ConnMan keeps its files elsewhere', () => {
    const tree = guest(guestFile('/etc/connman/main.conf', '[General]\nStorageRoot=/data/connman\n'))
    const plan = { profile: profileIn(connman, tree), addressing: STATIC, mac, operation: 'network' }
    expect(() => connman.edit(tree, plan)).toThrow(
      expect.objectContaining({ code: 'NETWORK_UNSUPPORTED', hint: expect.any(String) }),
    )
    expect(connman.edit(tree, { ...plan, addressing: {} }).changes).toEqual([])
  })
})

dialectLaws({
  dialect: connman,
  name: 'lan',
  path: `${DIR}/lan.config`,
  guest: (text) => guest(config(`[service_lan]\nType=ethernet\n${text}`)),
  addressing: /^\s*(IPv4|Nameservers)\s*=/,
  files: fc
    .uniqueArray(
      fc.constantFrom(
        '# note',
        '',
        'IPv4 = 10.0.0.5/24/10.0.0.1',
        'IPv4=10.0.0.6/255.0.0.0',
        'IPv4 = dhcp',
        'IPv4=off',
        'IPv6=fd00::5/64',
        'Nameservers = 9.9.9.9, 8.8.8.8',
        'SearchDomains=a.example',
        'MDNS = true',
        'MAC=00:0c:29:aa:bb:01',
        '[service_other]\nType=wifi\nSSID=ab',
      ),
      { maxLength: 8 },
    )
    .map((lines) => lines.join('\n')),
})
