import { fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../../../src/guest/tree.ts'
import { netctl } from '../../../../src/network/dialects/netctl.ts'
import type { NicAddressing } from '../../../../src/network/model.ts'
import { dialectLaws } from '../../../support/dialect-laws.ts'
import { type Options, profileIn, runDialect } from '../../../support/dialect-run.ts'
import { link, STATIC } from '../../../support/ifupdown-guest.ts'
import { NETCTL, netctlGuest } from '../../../support/netctl-guest.ts'

const HEAD = 'Interface=ens33\nConnection=ethernet\n'
const edit = (text: string, want: NicAddressing, more: GuestNode[] = [], options: Options = {}) => {
  const done = runDialect(netctl, netctlGuest(text, more), want, options)
  return { ...done, lan: done.text(`${NETCTL}/lan`) }
}

describe('in force', () => {
  it('is what a unit starts, its name unescaped', () => {
    const wants = (unit: string) =>
      link(`/etc/systemd/system/multi-user.target.wants/${unit}.service`, '/usr/lib/systemd/system/x')
    const file = guestFile(`${NETCTL}/my-lan`, `${HEAD}IP=dhcp\n`)
    expect(netctl.detect(new GuestTree([file]))).toBeUndefined()
    expect(netctl.detect(new GuestTree([file, wants('netctl@other')]))).toBeUndefined()
    for (const unit of ['netctl@my\\x2dlan', 'netctl-ifplugd@ens33'])
      expect(netctl.detect(new GuestTree([file, wants(unit)]))?.because).toContain(`${NETCTL}/my-lan`)
  })
})

describe('reading', () => {
  const now = (text: string) => profileIn(netctl, netctlGuest(HEAD + text)).now
  it('takes the first address, arrays and single words', () => {
    const text =
      "IP=static\nAddress=('10.0.0.5/24' \"10.0.0.6/24\")\nGateway='10.0.0.1'\nDNS='10.0.0.2'\nDNSSearch='a.example b.example'\nIP6=static\nAddress6=(FD00::5/64)\nGateway6=fe80::1\n"
    expect(now(text)).toEqual({
      ipv4: { method: 'static', address: '10.0.0.5', prefix: 24, gateway: '10.0.0.1' },
      ipv6: { address: 'fd00::5', prefix: 64, gateway: 'fe80::1' },
      dns: ['10.0.0.2'],
      search: ['a.example', 'b.example'],
    })
    expect(now('IP=no\nAddress=(10.0.0.5/24)\n').ipv4).toBeUndefined()
  })

  it.each([
    ['bridge', ['ens33', 'ens34']],
    ['bond', ['ens33', 'ens34']],
  ])('a %s has its ports', (connection, ports) => {
    const text = `Interface=br0\nConnection=${connection}\nBindsToInterfaces=(ens33 ens34)\nIP=dhcp\n`
    expect(profileIn(netctl, netctlGuest(text))).toMatchObject({ interfaceName: 'br0', ports })
  })

  it('leaves out what is no ethernet', () => {
    expect(netctl.profiles(netctlGuest('Interface=wlan0\nConnection=wireless\nIP=dhcp\n'))).toEqual([])
  })
})

describe('editing', () => {
  it('from DHCP, in the quoting of the examples', () => {
    const text = `Description='A basic dhcp ethernet connection'\n${HEAD}IP=dhcp\n#DHCPClient=dhcpcd\n`
    const want = { ...STATIC, dns: ['192.168.8.2', '1.1.1.1'], search: ['a.example', 'b.example'] }
    expect(edit(text, want).lan).toBe(
      `Description='A basic dhcp ethernet connection'\n${HEAD}IP=static\nAddress=('192.168.8.12/24')\nGateway=192.168.8.2\nDNS=('192.168.8.2' '1.1.1.1')\nDNSSearch="a.example b.example"\n#DHCPClient=dhcpcd\n`,
    )
  })

  it('keeps further addresses and says so', () => {
    const text = `${HEAD}IP=static\nAddress=("10.0.0.5/24" "10.0.0.6/24") # two\nRoutes=('10.9.0.0/16 via 10.0.0.9')\n`
    const done = edit(text, STATIC)
    expect(done.lan).toContain('Address=("192.168.8.12/24" "10.0.0.6/24") # two\n')
    expect(done.codes).toEqual(['extra-address-kept', 'old-value-left'])
  })

  it('IPv6', () => {
    const done = edit(`${HEAD}IP=dhcp\n`, { ipv6: { address: 'fd00::12', prefix: 64, gateway: 'fe80::1' } })
    expect(done.lan).toBe(`${HEAD}IP=dhcp\nIP6=static\nAddress6=('fd00::12/64')\nGateway6=fe80::1\n`)
  })

  it('an old MAC override goes', () => {
    const mac = { from: ['00:0c:29:aa:bb:01'], to: '00:50:56:00:00:01' }
    expect(edit(`${HEAD}IP=dhcp\nMACAddress='00:0c:29:aa:bb:01'\n`, {}, [], { mac }).lan).toBe(
      `${HEAD}IP=dhcp\n`,
    )
  })
})

describe('refused', () => {
  const hook = (path: string, mode: number) => guestFile(`${NETCTL}/${path}`, '', { mode })
  it.each<[string, string, GuestNode[]]>([
    ['shell code', `${HEAD}if true; then IP=dhcp; fi\n`, []],
    ['a value that bash works out', `${HEAD}IP=$X\n`, []],
    ['an element that bash works out', `${HEAD}IP=static\nAddress=($A)\n`, []],
    ['a value that grows', `${HEAD}IP=static\nAddress=(10.0.0.5/24)\nAddress+=(10.0.0.6/24)\n`, []],
    ['CRLF', `${HEAD}IP=dhcp\n`.replaceAll('\n', '\r\n'), []],
    ['a hook', `${HEAD}IP=dhcp\n`, [hook('hooks/dhcp', 0o755)]],
    ['an interface’s own script', `${HEAD}IP=dhcp\n`, [hook('interfaces/ens33', 0o755)]],
  ])('%s', (_, text, more) => {
    const tree = netctlGuest(text, more)
    const profile = profileIn(netctl, tree)
    const edit = { profile, addressing: STATIC, mac: { from: [] }, operation: 'network' }
    expect(() => netctl.edit(tree, edit)).toThrow(
      expect.objectContaining({ code: 'NETWORK_UNSUPPORTED', hint: expect.any(String) }),
    )
    expect(netctl.edit(tree, { ...edit, addressing: {} }).changes).toEqual([])
  })

  it('but not for a hook that is not executable', () => {
    expect(edit(`${HEAD}IP=dhcp\n`, STATIC, [hook('hooks/dhcp', 0o644)]).now.ipv4).toEqual(STATIC.ipv4)
  })
})

dialectLaws({
  dialect: netctl,
  name: 'lan',
  path: `${NETCTL}/lan`,
  guest: (text) => netctlGuest(HEAD + text),
  addressing: /^\s*(IP|Address|Gateway|DNS)=/,
  files: fc
    .uniqueArray(
      fc.constantFrom(
        '# note',
        '',
        "Description='lan'",
        'IP=dhcp',
        'IP="static"',
        "Address=('10.0.0.5/24')",
        'Address="10.0.0.6/24"',
        "Address=( '10.0.0.7/24'  '10.9.0.7/24' )",
        'Gateway=10.0.0.1',
        "DNS=('9.9.9.9')",
        'DNS=8.8.8.8 # one',
        "IP6=static\nAddress6=('fd00::5/64')",
        'TimeoutUp=20',
        "ExecUpPost='true'",
      ),
      { maxLength: 10 },
    )
    .map((lines) => lines.join('\n')),
})
