import { fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../../../src/guest/tree.ts'
import { rcInet1 } from '../../../../src/network/dialects/rc-inet1.ts'
import type { NicAddressing } from '../../../../src/network/model.ts'
import { dialectLaws } from '../../../support/dialect-laws.ts'
import { type Options, profileIn, runDialect } from '../../../support/dialect-run.ts'
import { STATIC } from '../../../support/ifupdown-guest.ts'

const CONF = '/etc/rc.d/rc.inet1.conf'
const script = (name: string, mode: number) => guestFile(`/etc/rc.d/${name}`, '', { mode })
const guest = (text: string, ...more: GuestNode[]) =>
  new GuestTree([
    guestFile(CONF, text),
    script('rc.inet1', 0o755),
    guestFile('/etc/resolv.conf', 'search a.example\nnameserver 10.0.0.2\n'),
    ...more,
  ])
const edit = (text: string, want: NicAddressing, options: Options = {}) => {
  const done = runDialect(rcInet1, guest(text), want, options)
  return { ...done, conf: done.text(CONF) }
}
const OLD =
  '# eth0:\nIPADDR[0]=""\nNETMASK[0]=""\nUSE_DHCP[0]="yes"\nDHCP_HOSTNAME[0]=""\n# eth1:\nIPADDR[1]=""\nNETMASK[1]=""\nUSE_DHCP[1]=""\nGATEWAY=""\n'
const NEW =
  'IPADDRS[0]=""\nUSE_DHCP[0]="yes"\nIP6ADDRS[0]=""\nIPADDRS[1]=""\nUSE_DHCP[1]=""\nGATEWAY=""\nGATEWAY6=""\n'
const DHCP: NicAddressing = { ipv4: { method: 'dhcp' } }

describe('in force', () => {
  it.each<[string, GuestTree, boolean]>([
    ['the script is executable', guest(OLD), true],
    ['it is not', new GuestTree([guestFile(CONF, OLD), script('rc.inet1', 0o644)]), false],
    [
      'NetworkManager runs and nothing is set here',
      guest(OLD.replace('"yes"', '""'), script('rc.networkmanager', 0o755)),
      false,
    ],
    ['NetworkManager runs, and something is set here', guest(OLD, script('rc.networkmanager', 0o755)), true],
    [
      'NetworkManager is not executable',
      guest(OLD.replace('"yes"', '""'), script('rc.networkmanager', 0o644)),
      true,
    ],
  ])('%s', (_, tree, expected) => expect(rcInet1.detect(tree) !== undefined).toBe(expected))
})

describe('reading', () => {
  it('takes the interfaces that are configured, the first where none is', () => {
    const names = (text: string) => rcInet1.profiles(guest(text)).map(({ name }) => name)
    expect(names(OLD)).toEqual(['eth0'])
    expect(names(OLD.replace('"yes"', '""'))).toEqual(['eth0'])
    expect(names(`${OLD}IFNAME[1]="ens34"\nIPADDR[1]=10.0.0.5\nNETMASK[1]=255.0.0.0\n`)).toEqual([
      'eth0',
      'ens34',
    ])
    expect(names('IFNAME[0]="br0"\nBRNICS[0]="eth0"\nUSE_DHCP[0]="yes"\n')).toEqual(['br0'])
  })

  it('the one gateway belongs to whom it can be reached by', () => {
    const text =
      'IPADDR[0]="10.0.0.5"\nNETMASK[0]="255.255.255.0"\nIPADDRS[1]="10.9.0.5/24 10.9.0.6/24"\nGATEWAY="10.9.0.1"\n'
    expect(rcInet1.profiles(guest(text)).map(({ now }) => now.ipv4)).toEqual([
      { method: 'static', address: '10.0.0.5', prefix: 24 },
      { method: 'static', address: '10.9.0.5', prefix: 24, gateway: '10.9.0.1' },
    ])
  })
})

describe('editing', () => {
  const filled = (text: string, values: Record<string, string>) =>
    Object.entries(values).reduce(
      (next, [key, value]) =>
        next.replace(`${key}="yes"`, `${key}="${value}"`).replace(`${key}=""`, `${key}="${value}"`),
      text,
    )
  it.each<[string, string, NicAddressing, string]>([
    [
      'up to 14.2',
      OLD,
      STATIC,
      filled(OLD, {
        'IPADDR[0]': '192.168.8.12',
        'NETMASK[0]': '255.255.255.0',
        'USE_DHCP[0]': '',
        GATEWAY: '192.168.8.2',
      }),
    ],
    [
      'from 15 on',
      NEW,
      STATIC,
      filled(NEW, { 'IPADDRS[0]': '192.168.8.12/24', 'USE_DHCP[0]': '', GATEWAY: '192.168.8.2' }),
    ],
    [
      'IPv6',
      NEW,
      { ipv6: { address: 'fd00::12', prefix: 64, gateway: 'fe80::1' } },
      filled(NEW, { 'IP6ADDRS[0]': 'fd00::12/64', GATEWAY6: 'fe80::1' }),
    ],
    [
      'an old pair in a new file',
      'IPADDR[0]="10.0.0.5"\nNETMASK[0]="255.0.0.0"\nIPADDRS[1]=""\nGATEWAY="10.0.0.1"\n',
      STATIC,
      'IPADDR[0]="192.168.8.12"\nNETMASK[0]="255.255.255.0"\nIPADDRS[1]=""\nGATEWAY="192.168.8.2"\n',
    ],
    [
      'back to DHCP',
      filled(OLD, {
        'IPADDR[0]': '10.0.0.5',
        'NETMASK[0]': '255.0.0.0',
        'USE_DHCP[0]': '',
        GATEWAY: '10.0.0.1',
      }),
      DHCP,
      OLD,
    ],
  ])('%s', (_, before, want, after) => expect(edit(before, want).conf).toBe(after))

  it('leaves the gateway of another interface', () => {
    const text =
      'IPADDR[0]="10.0.0.5"\nNETMASK[0]="255.255.255.0"\nIPADDR[1]="10.9.0.5"\nNETMASK[1]="255.255.255.0"\nGATEWAY="10.9.0.1"\n'
    expect(edit(text, DHCP, { name: 'eth0' }).conf).toContain('GATEWAY="10.9.0.1"')
  })

  it('servers go to resolv.conf, unless the DHCP client writes it', () => {
    const want: NicAddressing = { dns: ['192.168.8.2'] }
    expect(edit(OLD, { ...STATIC, ...want }).text('/etc/resolv.conf')).toBe(
      'search a.example\nnameserver 192.168.8.2\n',
    )
    expect(edit(OLD, want).codes).toEqual(['dns-managed-elsewhere'])
    expect(edit(`${OLD}DHCP_KEEPRESOLV[0]="yes"\n`, want).text('/etc/resolv.conf')).toContain('192.168.8.2')
  })

  it('an old MAC override goes, and what stays is told of', () => {
    const mac = { from: ['00:0c:29:aa:bb:01'], to: '00:50:56:00:00:01' }
    const text =
      'IPADDRS[0]="10.0.0.5/24 10.0.0.6/24"\nHWADDR[0]="00:0c:29:aa:bb:01"\nIP6ADDRS[0]="fd00::5/64"\n'
    const done = edit(text, STATIC, { mac })
    expect(done.conf).not.toContain('HWADDR')
    expect(done.codes).toEqual(['extra-address-kept', 'ipv6-kept'])
  })
})

describe('refused', () => {
  it.each<[string, string, NicAddressing]>([
    ['shell code', `${OLD}if true; then GATEWAY=""; fi\n`, STATIC],
    ['a value that bash works out', 'IPADDR[0]=$X\nUSE_DHCP[0]="yes"\n', STATIC],
    ['an array as a whole', 'IPADDR=($A)\nUSE_DHCP[0]="yes"\n', STATIC],
    ['IPv6 before 15', OLD, { ipv6: { address: 'fd00::1', prefix: 64 } }],
  ])('%s', (_, text, addressing) => {
    const tree = guest(text)
    const plan = { profile: profileIn(rcInet1, tree), addressing, mac: { from: [] }, operation: 'network' }
    expect(() => rcInet1.edit(tree, plan)).toThrow(
      expect.objectContaining({ code: 'NETWORK_UNSUPPORTED', hint: expect.any(String) }),
    )
    expect(rcInet1.edit(tree, { ...plan, addressing: {} }).changes).toEqual([])
  })
})

const line = fc.constantFrom(
  '# note',
  '',
  'IPADDR[0]="10.0.0.5"',
  'IPADDR[0]=10.0.0.6',
  'NETMASK[0]="255.255.255.0"',
  'IPADDRS[0]="10.0.0.7/24 10.0.9.7/24"',
  'USE_DHCP[0]="yes"',
  'USE_DHCP[0]=""',
  'IP6ADDRS[0]="fd00::5/64"',
  'DHCP_HOSTNAME[0]="x" # name',
  'GATEWAY="10.0.0.1"',
  'DEBUG_ETH_UP="no"',
  'IPADDRS[1]=""',
  'MTU[0]=""',
)
dialectLaws({
  dialect: rcInet1,
  name: 'eth0',
  path: CONF,
  guest: (text) => guest(`MTU[0]="1500"\n${text}`),
  addressing: /^(IPADDRS?|NETMASK|USE_DHCP)\[0\]|^GATEWAY=/,
  files: fc.uniqueArray(line, { maxLength: 10 }).map((lines) => lines.join('\n')),
})
