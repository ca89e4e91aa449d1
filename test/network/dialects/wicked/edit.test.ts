import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../../../src/guest/tree.ts'
import { wicked } from '../../../../src/network/dialects/wicked.ts'
import type { NicAddressing } from '../../../../src/network/model.ts'
import { changedPaths, type Options, runDialect } from '../../../support/dialect-run.ts'
import { STATIC } from '../../../support/ifupdown-guest.ts'
import { NETCONFIG, SUSE, WICKED, wickedGuest } from '../../../support/wicked-guest.ts'

const DHCP = "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n"
const file = (name: string, text: string) => guestFile(`${SUSE}/${name}`, text)
const edit = (text: string, want: NicAddressing, more: GuestNode[] = [], options: Options = {}) => {
  const tree = wickedGuest(text, more)
  const done = runDialect(wicked, tree, want, { name: 'eth0', ...options })
  const paths = changedPaths(tree, done.after).map((path) => path.slice(SUSE.length + 1))
  return { ...done, eth0: done.text(`${SUSE}/ifcfg-eth0`), ifroute: done.text(`${SUSE}/ifroute-eth0`), paths }
}

describe('static', () => {
  it.each([
    [
      'DHCP as YaST writes it',
      "BOOTPROTO='dhcp'\nBROADCAST=''\nIPADDR=''\nNETMASK=''\nSTARTMODE='auto'\n",
      "BOOTPROTO='static'\nBROADCAST=''\nIPADDR='192.168.8.12/24'\nNETMASK=''\nSTARTMODE='auto'\n",
    ],
    ['nothing there', DHCP, "BOOTPROTO='static'\nIPADDR='192.168.8.12/24'\nSTARTMODE='auto'\n"],
    [
      'a netmask of its own',
      "IPADDR='10.0.0.5'\nNETMASK='255.0.0.0'\nBROADCAST='10.255.255.255'\n",
      "IPADDR='192.168.8.12'\nNETMASK='255.255.255.0'\n",
    ],
    [
      'a length of its own',
      'IPADDR=10.0.0.5\nPREFIXLEN=8\nNETMASK=255.0.0.0\n',
      'IPADDR=192.168.8.12\nPREFIXLEN=24\n',
    ],
    ['not started', "STARTMODE='off'\nIPADDR='10.0.0.5/8'\n", "STARTMODE='auto'\nIPADDR='192.168.8.12/24'\n"],
    ['IPv6 in the first place', "IPADDR='fd00::5/64'\n", "IPADDR='fd00::5/64'\nIPADDR_0='192.168.8.12/24'\n"],
  ])('%s', (_, before, after) =>
    expect(edit(before, STATIC).eth0?.replace("BOOTPROTO='static'\n", '')).toBe(
      after.replace("BOOTPROTO='static'\n", ''),
    ),
  )

  it('a gateway goes where it stands, else into a file of the interface’s own', () => {
    expect(edit(DHCP, STATIC).ifroute).toBe('default 192.168.8.2 - eth0\n')
    const routes = '# all\ndefault  10.0.0.1\t- -\n10.7.0.0/16 10.0.0.1 - -\n'
    const shared = edit("IPADDR='10.0.0.5/24'\n", STATIC, [file('routes', routes)])
    expect(shared.text(`${SUSE}/routes`)).toBe('# all\ndefault  192.168.8.2\t- -\n10.7.0.0/16 10.0.0.1 - -\n')
    expect(shared.ifroute).toBeUndefined()
    expect(shared.codes).toEqual(['old-value-left'])
    const own = edit("IPADDR='10.0.0.5/24'\n", STATIC, [
      file('ifroute-eth0', 'default 10.0.0.1 - eth0 metric 5'),
    ])
    expect(own.ifroute).toBe('default 192.168.8.2 - eth0 metric 5')
  })

  it('leaves the default route of another interface', () => {
    const more = [file('routes', 'default 10.9.0.1 - -\n'), file('ifcfg-eth1', "IPADDR='10.9.0.5/24'\n")]
    const done = edit(DHCP, STATIC, more)
    expect(done.paths).toEqual(['ifcfg-eth0', 'ifroute-eth0'])
  })

  it('changes the IPv6 default route of all interfaces where it leads through the interface’s subnet', () => {
    const ipv6 = { address: '2001:db8:5::12', prefix: 64, gateway: '2001:db8:5::1' }
    const more = [
      file('routes', 'default 10.9.0.1 - -\ndefault 2001:db8::1 - -\n'),
      file('ifcfg-eth1', "IPADDR='10.9.0.5/24'\n"),
    ]
    const text = "IPADDR='10.0.0.5/24'\nIPADDR_6='2001:db8::10/64'\n"
    expect(wicked.profiles(wickedGuest(text, more))[0]?.now.ipv6?.gateway).toBe('2001:db8::1')
    const done = edit(text, { ipv6 }, more)
    expect(done.text(`${SUSE}/routes`)).toBe('default 10.9.0.1 - -\ndefault 2001:db8:5::1 - -\n')
    expect(done.ifroute).toBeUndefined()
  })

  it('takes the default route out if none is wanted', () => {
    const want: NicAddressing = { ipv4: { method: 'static', address: '192.168.8.12', prefix: 24 } }
    const done = edit("IPADDR='10.0.0.5/24'\n", want, [file('routes', 'default 10.0.0.1 - -\n')])
    expect(done.text(`${SUSE}/routes`)).toBe('')
  })

  it('IPv6 beside, with its route', () => {
    const done = edit(DHCP, { ipv6: { address: 'fd00::12', prefix: 64, gateway: 'fe80::1' } })
    expect(done.eth0).toBe("BOOTPROTO='dhcp'\nIPADDR='fd00::12/64'\nSTARTMODE='auto'\n")
    expect(done.ifroute).toBe('default fe80::1 - eth0\n')
    expect(done.now.ipv4).toEqual({ method: 'dhcp' })
  })

  it('tells of what stays', () => {
    const text = "IPADDR='10.0.0.5/24'\nIPADDR_1='10.0.1.5/24'\nIPADDR_6='fd00::5/64'\n"
    expect(edit(text, STATIC).codes).toEqual(['extra-address-kept', 'ipv6-kept'])
  })
})

describe('DHCP', () => {
  it('takes addresses, default routes and servers out', () => {
    const text = "BOOTPROTO='static'\nIPADDR='10.0.0.5/24'\nIPADDR_1='10.0.1.5/24'\nLABEL_1='x'\nMTU='1400'\n"
    const config = file('config', NETCONFIG.replace('SERVERS=""', 'SERVERS="10.0.0.2"'))
    const more = [file('ifroute-eth0', 'default 10.0.0.1 - eth0\n10.7.0.0/16 10.0.0.9 - eth0\n'), config]
    const done = edit(text, { ipv4: { method: 'dhcp' } }, more)
    expect(done.eth0).toBe("BOOTPROTO='dhcp'\nMTU='1400'\n")
    expect(done.ifroute).toBe('10.7.0.0/16 10.0.0.9 - eth0\n')
    expect(done.text(`${SUSE}/config`)).toBe(NETCONFIG)
  })

  it('a static address that is set beside DHCP goes, or is replaced', () => {
    const text = "BOOTPROTO='dhcp'\nIPADDR='10.0.0.5/24'\nIPADDR_1='10.0.1.5/24'\nSTARTMODE='auto'\n"
    expect(edit(text, { ipv4: { method: 'dhcp' } }).eth0).toBe("BOOTPROTO='dhcp'\nSTARTMODE='auto'\n")
    expect(edit(text, STATIC).eth0).toContain("BOOTPROTO='static'\nIPADDR='192.168.8.12/24'\n")
  })

  it('is for IPv4 only where IPv6 is static, and leaves servers that another interface needs', () => {
    const config = file('config', 'NETCONFIG_DNS_STATIC_SERVERS="10.0.0.2"\n')
    const more = [config, file('ifcfg-eth1', "IPADDR='10.9.0.5/24'\n")]
    const done = edit("IPADDR='10.0.0.5/24'\nIPADDR_6='fd00::5/64'\n", { ipv4: { method: 'dhcp' } }, more)
    expect(done.eth0).toContain("BOOTPROTO='dhcp4'")
    expect(done.paths).toEqual(['ifcfg-eth0'])
  })
})

describe('name servers', () => {
  const want: NicAddressing = { ...STATIC, dns: ['192.168.8.2', '1.1.1.1'], search: ['example.org'] }
  const resolv = (text: string) => guestFile('/etc/resolv.conf', text)
  const config = `${SUSE}/config`

  it('go to netconfig', () => {
    expect(edit(DHCP, want).text(config)).toBe(
      NETCONFIG.replace('SERVERS=""', 'SERVERS="192.168.8.2 1.1.1.1"').replace(
        'SEARCHLIST=""',
        'SEARCHLIST="example.org"',
      ),
    )
  })

  it('go to a resolv.conf kept by hand too, and not to one that netconfig made', () => {
    const byHand = edit(DHCP, want, [resolv('# mine\nnameserver 10.0.0.2\n')])
    expect(byHand.text('/etc/resolv.conf')).toBe(
      '# mine\nnameserver 192.168.8.2\nnameserver 1.1.1.1\nsearch example.org\n',
    )
    const made = edit(DHCP, want, [
      resolv('### /etc/resolv.conf file autogenerated by netconfig!\nnameserver 10.0.0.2\n'),
    ])
    expect(made.paths).not.toContain('/etc/resolv.conf')
    expect(made.codes).toEqual(['dns-managed-elsewhere'])
    const off = [file('config', 'NETCONFIG_DNS_POLICY=""\n'), resolv('# by netconfig once\n')]
    expect(edit(DHCP, want, off).text('/etc/resolv.conf')).toMatch(/^nameserver 192\.168\.8\.2$/m)
  })
})

describe('MAC', () => {
  const mac = { from: ['00:0c:29:aa:bb:01'], to: '00:50:56:00:00:01' }

  it('an override goes', () => {
    expect(edit(`LLADDR='00:0C:29:AA:BB:01'\n${DHCP}`, {}, [], { mac }).eth0).toBe(DHCP)
    expect(edit(`LLADDR='00:50:56:00:00:01'\n${DHCP}`, {}, [], { mac }).paths).toEqual([])
  })

  it('a file that is named after it gets the new name', () => {
    const name = 'eth-id-00:0c:29:aa:bb:01'
    const tree = new GuestTree([file(`ifcfg-${name}`, DHCP), ...WICKED])
    const newName = 'eth-id-00:50:56:00:00:01'
    const { after } = runDialect(wicked, tree, STATIC, { mac, name, newName })
    expect(changedPaths(tree, after).map((path) => path.slice(SUSE.length + 1))).toEqual([
      `ifcfg-${name}`,
      `ifcfg-${newName}`,
      `ifroute-${newName}`,
    ])
    expect(after.text(`${SUSE}/ifroute-${newName}`)).toBe('default 192.168.8.2 - -\n')
    const unknown = wicked.edit(tree, {
      profile: wicked.profiles(tree)[0] as never,
      addressing: {},
      mac: { from: mac.from },
      operation: 'network',
    })
    expect(unknown.notices.map(({ code }) => code)).toEqual(['mac-pin-left'])
  })
})

describe('refused, if an address is asked for', () => {
  it.each([
    ['shell code', `if true; then\nIPADDR=10.0.0.5/24\nfi\n`, 1],
    ['a value that a shell works out', `${DHCP}IPADDR=$ADDRESS\n`, 3],
    ['two on a line', "BOOTPROTO='static' IPADDR='10.0.0.5/24'\n", 1],
    ['CRLF', "BOOTPROTO='dhcp'\r\n", 1],
  ])('%s', (_, text, line) => {
    const tree = wickedGuest(text)
    const profile = wicked.profiles(tree)[0]
    if (!profile) throw new Error('no profile')
    const plan = (addressing: NicAddressing) =>
      wicked.edit(tree, { profile, addressing, mac: { from: [] }, operation: 'network' })
    expect(() => plan(STATIC)).toThrow(
      expect.objectContaining({
        code: 'NETWORK_UNSUPPORTED',
        position: { file: `${SUSE}/ifcfg-eth0`, line },
        hint: expect.any(String),
      }),
    )
    expect(plan({}).changes).toEqual([])
  })
})
