import { describe, expect, it } from 'vitest'
import { DHCP, FILE, netplanGuest, profileOf, run, STATIC } from '../../../support/netplan-guest.ts'

const head = 'network:\n  version: 2\n  ethernets:\n'
const OLD = '00:0c:29:00:00:01'
const NEW = '00:50:56:12:34:56'

describe('DHCP for IPv6', () => {
  const all = (renderer: string) =>
    `network:\n  renderer: ${renderer}\n  ethernets:\n    ens33: {dhcp4: true, dhcp6: true}\n`

  it('does not keep systemd-networkd waiting for a server beside a static address', () => {
    expect(run(netplanGuest(all('networkd')), STATIC).text).toContain('dhcp6: false')
    const bare = all('networkd').replace('  renderer: networkd\n', '')
    expect(run(netplanGuest(bare), STATIC).text).toContain('dhcp6: false')
  })

  it.each([
    ['of NetworkManager', all('NetworkManager')],
    [
      'of NetworkManager for the group',
      all('networkd').replace('ens33:', 'renderer: NetworkManager\n    ens33:'),
    ],
    [
      'that a static address stood beside',
      all('networkd').replace('dhcp4: true', 'addresses: [10.0.0.5/24]'),
    ],
  ])('%s stays', (_, text) => {
    expect(run(netplanGuest(text), STATIC).text).toContain('dhcp6: true')
  })
})

describe('DHCP to static', () => {
  it('writes what netplan needs, and keeps all else', () => {
    const text =
      '# by curtin\nnetwork:\n    ethernets:\n        ens33: # main\n            dhcp4: yes  # lab\n            mtu: 1400\n    version: 2\n'
    expect(run(netplanGuest(text), { ...STATIC, search: ['lab.example'] }).text).toBe(`# by curtin
network:
    ethernets:
        ens33: # main
            dhcp4: no  # lab
            addresses:
            - 192.168.8.12/24
            routes:
            - to: default
              via: 192.168.8.2
            nameservers:
                addresses:
                - 192.168.8.2
                - 1.1.1.1
                search:
                - lab.example
            mtu: 1400
    version: 2
`)
  })

  it('stays in flow style', () => {
    const text = 'network: {version: 2, ethernets: {ens33: {dhcp4: true}}}\n'
    expect(run(netplanGuest(text), STATIC).text).toBe(
      'network: {version: 2, ethernets: {ens33: {dhcp4: false, addresses: [192.168.8.12/24], routes: [{to: default, via: 192.168.8.2}], nameservers: {addresses: [192.168.8.2, 1.1.1.1]}}}}\n',
    )
  })

  it.each([
    ['20.04', '', 'routes:\n      - to: 0.0.0.0/0\n        via: 192.168.8.2'],
    ['20.04', '    ens34:\n      gateway4: 10.0.0.1\n', 'gateway4: 192.168.8.2'],
    [
      '20.04',
      '    ens34:\n      routes: [{to: default, via: 10.0.0.1}]\n',
      '- to: default\n        via: 192.168.8.2',
    ],
    ['22.04', '    ens34:\n      gateway4: 10.0.0.1\n', '- to: default\n        via: 192.168.8.2'],
  ])('writes the default route as netplan of %s knows it', (release, other, route) => {
    const tree = netplanGuest(`${head}${other}    ens33:\n      dhcp4: true\n`, { release })
    expect(run(tree, STATIC).text).toContain(route)
  })

  it('edits every file that speaks of the interface, hidden ones not', () => {
    const { after, changes } = run(
      netplanGuest({
        '/lib/netplan/10-a.yaml': `${head}    ens33: {dhcp4: true}\n`,
        '/usr/lib/netplan/20-b.yaml': `${head}    ens33: {dhcp4: true, addresses: [9.9.9.9/8]}\n`,
        '/etc/netplan/20-b.yaml': `${head}    ens33:\n      dhcp4: "on"\n`,
        '/etc/netplan/30-c.yaml.bak': `${head}    ens33: {addresses: [9.9.9.9/8]}\n`,
      }),
      STATIC,
    )
    expect(changes.map(({ path }) => path)).toEqual(['/lib/netplan/10-a.yaml', '/etc/netplan/20-b.yaml'])
    expect(after.text('/lib/netplan/10-a.yaml')).toContain('{dhcp4: false}')
    expect(after.text('/etc/netplan/20-b.yaml')).toContain('dhcp4: "off"\n      addresses:')
    expect(profileOf(after).now).toMatchObject(STATIC)
  })
})

describe('static to static', () => {
  it('changes four values where they stand', () => {
    const text = `${head}    ens33:\n      addresses: ["10.0.0.5/24", 'fd00::5/64'] # two\n      gateway4: 10.0.0.1\n      nameservers:\n        search: [lab]\n        addresses: [10.0.0.2,   10.0.0.3]\n`
    const { text: after, codes } = run(netplanGuest(text), STATIC)
    expect(after).toBe(
      text
        .replace('10.0.0.5/24', '192.168.8.12/24')
        .replace('10.0.0.1', '192.168.8.2')
        .replace('10.0.0.2,   10.0.0.3', '192.168.8.2,   1.1.1.1'),
    )
    expect(codes).toEqual(['ipv6-kept'])
  })

  it('keeps labels, metrics, other routes and further addresses, and says so', () => {
    const text = `${head}    ens33:\n      addresses:\n        - 10.0.0.5/24:\n            label: "ens33:0"\n        - 10.0.0.6/24\n      routes:\n        - to: 10.9.0.0/16\n          via: 10.0.0.9\n        - via: 10.0.0.1\n          to: 0.0.0.0/0\n          metric: 50\n        - {to: default, via: 10.0.0.8, table: 7}\n`
    const { text: after, codes } = run(netplanGuest(text), STATIC)
    expect(after).toContain('- 192.168.8.12/24:\n            label: "ens33:0"\n        - 10.0.0.6/24\n')
    expect(after).toContain('- via: 192.168.8.2\n          to: 0.0.0.0/0\n          metric: 50\n')
    expect(after).toContain('via: 10.0.0.9')
    expect(after).toContain('via: 10.0.0.8, table: 7')
    expect(codes).toEqual(['extra-address-kept'])
  })

  it('leaves one default route of several, and none if none is wanted', () => {
    const text = `${head}    ens33:\n      addresses: [10.0.0.5/24]\n      gateway4: 10.0.0.1\n      routes:\n      - to: 0/0\n        via: 10.0.0.1\n      - to: default\n        via: 10.0.0.1\n`
    expect(run(netplanGuest(text), STATIC).text).toMatch(
      /addresses: \[192.168.8.12\/24\]\n {6}routes:\n {6}- to: 0\/0\n {8}via: 192.168.8.2\n {6}nameservers/,
    )
    const ipv4 = { method: 'static', address: '192.168.8.12', prefix: 24 } as const
    expect(run(netplanGuest(text), { ipv4 }).text).toBe(
      `${head}    ens33:\n      addresses: [192.168.8.12/24]\n`,
    )
  })

  it('gives IPv6 an address and a gateway', () => {
    const text = `${head}    ens33:\n      dhcp4: true\n      dhcp6: true\n`
    const ipv6 = { address: 'fd00::c', prefix: 64, gateway: 'fe80::1' }
    expect(run(netplanGuest(text), { ipv6 }).text).toBe(
      `${head}    ens33:\n      dhcp4: true\n      dhcp6: false\n      addresses:\n      - "fd00::c/64"\n      routes:\n      - to: default\n        via: "fe80::1"\n`,
    )
  })
})

describe('static to DHCP', () => {
  it('takes out what was static, and leaves IPv6', () => {
    const text = `${head}    ens33:\n      dhcp4: off\n      addresses:\n      - 10.0.0.5/24 # old\n      - fd00::5/64\n      gateway4: 10.0.0.1\n      routes:\n      - {to: 10.9.0.0/16, via: 10.0.0.9}\n      nameservers:\n        addresses: [10.0.0.2, "fd00::2"]\n`
    expect(run(netplanGuest(text), DHCP).text).toBe(
      `${head}    ens33:\n      dhcp4: on\n      addresses:\n      - fd00::5/64\n      routes:\n      - {to: 10.9.0.0/16, via: 10.0.0.9}\n      nameservers:\n        addresses: ["fd00::2"]\n`,
    )
  })

  it('leaves no empty keys', () => {
    const text = `${head}    ens33:\n      addresses:\n      - 10.0.0.5/24\n      routes:\n      - to: default\n        via: 10.0.0.1\n      nameservers:\n        addresses: [10.0.0.2]\n        search: [lab]\n`
    expect(run(netplanGuest(text), DHCP).text).toBe(`${head}    ens33:\n      dhcp4: true\n`)
  })
})

describe('MAC addresses', () => {
  const pinned = `${head}    ens33:\n      match:\n        macaddress: "${OLD.toUpperCase()}"\n      set-name: ens33\n      macaddress: ${OLD}\n      dhcp4: true\n`

  it('are replaced where interfaces are found by them, and where they outdo the hardware', () => {
    const { text } = run(netplanGuest(pinned), {}, { from: [OLD], to: NEW })
    expect(text).toBe(pinned.replace(OLD.toUpperCase(), NEW).replace(OLD, NEW))
  })

  it.each([
    ['of a VLAN above', 'vlans', 'lan.20', 'link: ens33, id: 20'],
    ['of a bridge that is another profile', 'bridges', 'br1', 'interfaces: [ens34]'],
    ['of another adapter', 'ethernets', 'ens35', 'dhcp4: false'],
  ])('do not stay in an override %s', (_, group, id, rest) => {
    const above = (macaddress: string) => ({
      [FILE]: `${head}    ens33: {dhcp4: true}\n    ens34: {dhcp4: false}\n`,
      '/etc/netplan/60-above.yaml': `network:\n  ${group}:\n    ${id}: {${rest}${macaddress}, mtu: 1400}\n`,
    })
    const other = (to?: string) =>
      run(netplanGuest(above(`, macaddress: "${OLD}"`)), {}, { from: [OLD], ...(to ? { to } : {}) })
    const read = ({ after }: ReturnType<typeof other>) => after.text('/etc/netplan/60-above.yaml')
    expect(read(other(NEW))).toBe(above(`, macaddress: "${NEW}"`)['/etc/netplan/60-above.yaml'])
    expect(read(other())).toBe(above('')['/etc/netplan/60-above.yaml'])
  })

  it('go where the name does not depend on them', () => {
    expect(run(netplanGuest(pinned), {}, { from: [OLD] }).text).toBe(`${head}    ens33:\n      dhcp4: true\n`)
    const other = pinned.replace('    ens33:', '    id0:')
    expect(run(netplanGuest(other), {}, { from: [OLD] }, 'id0').text).toBe(
      `${head}    id0:\n      match:\n        name: ens33\n      dhcp4: true\n`,
    )
  })

  it('stay, with a notice, where the name hangs on them', () => {
    const { codes, changes } = run(
      netplanGuest(`${head}    ens33:\n      match: {macaddress: "${OLD}"}\n      set-name: lan0\n`),
      {},
      { from: [OLD] },
    )
    expect([codes, changes]).toEqual([['mac-pin-left'], []])
  })
})

it.each(['name: "en*"', 'driver: vmxnet3', 'driver: [vmxnet3, e1000e]', 'driver: vmxnet3, name: "en*"'])(
  'says that a definition fits several interfaces by {%s}',
  (match) => {
    const tree = netplanGuest(`${head}    all:\n      match: {${match}}\n      dhcp4: true\n`)
    expect(run(tree, STATIC, { from: [] }, 'all').codes).toEqual(['match-not-single'])
    expect(run(tree, DHCP, { from: [] }, 'all').codes).toEqual([])
  },
)

describe('what cannot be edited', () => {
  it.each([
    ['an alias', `x: &x {dhcp4: true}\n${head}    ens33: *x\n`],
    ['an anchor', `${head}    ens33: &x {dhcp4: true}\n    ens34: *x\n`],
  ])('refuses %s', (_, text) => {
    expect(() => run(netplanGuest(text), STATIC)).toThrow(
      expect.objectContaining({ code: 'YAML_UNEDITABLE' }),
    )
  })

  it('refuses a broken file, whichever it is', () => {
    const tree = netplanGuest({
      [FILE]: `${head}    ens33: {dhcp4: true}\n`,
      '/etc/netplan/99-x.yaml': 'a: [\n',
    })
    expect(() => profileOf(tree)).toThrow(expect.objectContaining({ code: 'YAML_INVALID' }))
  })
})
