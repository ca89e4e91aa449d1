import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type GuestTree, guestFile } from '../../../src/guest/tree.ts'
import { ifupdown } from '../../../src/network/dialects/ifupdown.ts'
import type { MacChange, NicAddressing, Profile } from '../../../src/network/model.ts'
import { ifupdownGuest, interfacesFixture, link } from '../../support/ifupdown-guest.ts'

const MAIN = '/etc/network/interfaces'
const NO_MAC: MacChange = { from: [] }
const STATIC: NicAddressing = {
  ipv4: { method: 'static', address: '192.168.8.12', prefix: 24, gateway: '192.168.8.2' },
}

function profileOf(tree: GuestTree, name = 'ens33'): Profile {
  const profile = ifupdown.profiles(tree).find((one) => one.name === name)
  if (!profile) throw new Error(`no profile ${name}`)
  return profile
}

function run(tree: GuestTree, addressing: NicAddressing, mac = NO_MAC, name = 'ens33') {
  const edit = { profile: profileOf(tree, name), addressing, mac, operation: 'network' }
  const planned = ifupdown.edit(tree, edit)
  const after = tree.with(planned.changes)
  expect(ifupdown.edit(after, { ...edit, profile: profileOf(after, name) }).changes).toEqual([])
  return { ...planned, after, codes: planned.notices.map((notice) => notice.code) }
}

describe('DHCP to static', () => {
  it('changes the method and adds three lines', () => {
    const old = interfacesFixture('dhcp')
    const { after, changes } = run(ifupdownGuest(old), STATIC)
    expect(after.text(MAIN)).toBe(
      `${old.replace('ens33 inet dhcp', 'ens33 inet static')}    address 192.168.8.12/24\n    gateway 192.168.8.2\n`,
    )
    expect(changes.map((change) => change.summary)).toEqual(['address 192.168.8.12/24 on ens33'])
  })

  it('writes a netmask where ifupdown is old', () => {
    const { after } = run(ifupdownGuest(interfacesFixture('dhcp'), [], '9.13'), STATIC)
    expect(after.text(MAIN)).toMatch(/address 192.168.8.12\n {4}netmask 255.255.255.0\n {4}gateway/)
  })

  it('takes DHCP-only options out and leaves the rest', () => {
    const old = interfacesFixture('dhcp-options')
    const { after } = run(ifupdownGuest(old), STATIC)
    expect(after.text(MAIN)).toBe(
      old
        .replace('ens33 inet dhcp\n', 'ens33 inet static\n\taddress 192.168.8.12/24\n\tgateway 192.168.8.2\n')
        .replace('\thostname template\n\tclient template-id\n\tleasehours 12\n', ''),
    )
  })
})

describe('static to static', () => {
  it('replaces the address only, and names what it left', () => {
    const old = interfacesFixture('static-cidr')
    const { after, codes } = run(ifupdownGuest(old), STATIC)
    expect(after.text(MAIN)).toBe(old.replace('address 192.168.8.10/24', 'address 192.168.8.12/24'))
    expect(codes).toEqual(['ipv6-kept', 'old-value-left'])
  })

  it('keeps the netmask style; broadcast and network go where they are wrong', () => {
    const old = interfacesFixture('static-netmask')
    const same = run(ifupdownGuest(old), STATIC)
    expect(same.after.text(MAIN)).toBe(old.replace('address 192.168.8.10', 'address 192.168.8.12'))
    const other = run(ifupdownGuest(old), {
      ipv4: { method: 'static', address: '10.1.2.3', prefix: 16 },
    })
    expect(other.after.text(MAIN)).toBe(
      old.replace(/ {2}address[\s\S]*8\.2\n/, '  address 10.1.2.3\n  netmask 255.255.0.0\n'),
    )
  })

  it('keeps CRLF, a numeric netmask and the missing final newline', () => {
    const old = interfacesFixture('static-crlf')
    const { after } = run(ifupdownGuest(old), STATIC)
    expect(after.text(MAIN)).toBe(old.replace('192.168.8.10', '192.168.8.12'))
  })

  it('edits the bridge that owns the address', () => {
    const tree = ifupdownGuest(interfacesFixture('bridge'))
    expect(ifupdown.profiles(tree).map(({ name, ports }) => [name, ports])).toEqual([['br0', ['ens33']]])
    expect(run(tree, STATIC, NO_MAC, 'br0').after.text(MAIN)).toBe(
      interfacesFixture('bridge').replace('192.168.8.10', '192.168.8.12'),
    )
  })
})

describe('to DHCP', () => {
  it('leaves nothing of the static address', () => {
    const { after } = run(ifupdownGuest(interfacesFixture('static-netmask')), { ipv4: { method: 'dhcp' } })
    expect(after.text(MAIN)).toBe(
      'auto lo\niface lo inet loopback\nauto ens33\niface ens33 inet dhcp\n  hwaddress ether 00:0C:29:AA:BB:CC\n',
    )
  })
})

describe('IPv6', () => {
  const ipv6 = { address: 'fd00:8::12', prefix: 64, gateway: 'fe80::1' }
  it('changes the inet6 stanza', () => {
    const old = interfacesFixture('static-cidr')
    const { after } = run(ifupdownGuest(old), { ipv6 })
    expect(after.text(MAIN)).toBe(old.replace('fd00:8::10', 'fd00:8::12'))
  })
  it('adds one where there is none', () => {
    const old = interfacesFixture('dhcp')
    const { after } = run(ifupdownGuest(old), { ipv6 })
    expect(after.text(MAIN)).toBe(
      `${old}\niface ens33 inet6 static\n    address fd00:8::12/64\n    gateway fe80::1\n`,
    )
  })
})

describe('MAC override', () => {
  const from = ['00:0c:29:aa:bb:cc']
  it.each([
    [{ from, to: '00:50:56:00:00:01' }, '  hwaddress ether 00:50:56:00:00:01\n'],
    [{ from }, ''],
    [{ from: [] }, '  hwaddress ether 00:0C:29:AA:BB:CC\n'],
  ])('%j', (mac, line) => {
    const old = interfacesFixture('static-netmask')
    const { after } = run(ifupdownGuest(old), {}, mac)
    expect(after.text(MAIN)).toBe(old.replace(/ {2}hwaddress.*\n/, line))
  })
})

describe('DNS', () => {
  const dns = ['9.9.9.9', '1.1.1.1']
  it('goes to resolv.conf where nothing acts on the option', () => {
    const tree = ifupdownGuest(interfacesFixture('dhcp'))
    const { after } = run(tree, { ...STATIC, dns })
    expect(after.text('/etc/resolv.conf')).toBe(
      '# by hand\noptions timeout:1\nnameserver 9.9.9.9\nnameserver 1.1.1.1\nsearch lab.example\n',
    )
    expect(after.text(MAIN)).not.toContain('dns-')
    expect(profileOf(after).now.dns).toEqual(dns)
  })

  it('goes to the stanza with resolvconf', () => {
    const more = [guestFile('/sbin/resolvconf', ''), link('/etc/resolv.conf', '/run/resolvconf/resolv.conf')]
    const { after, codes } = run(ifupdownGuest(interfacesFixture('dhcp'), more), {
      ...STATIC,
      dns,
      search: ['a.b'],
    })
    expect(after.text(MAIN)).toMatch(
      /gateway 192.168.8.2\n {4}dns-nameservers 9.9.9.9 1.1.1.1\n {4}dns-search a.b\n$/,
    )
    expect(codes).toEqual([])
  })

  it('is only announced where resolv.conf is a link', () => {
    const more = [link('/etc/resolv.conf', '/run/resolv.conf')]
    const { changes, codes } = run(ifupdownGuest(interfacesFixture('dhcp'), more), { ...STATIC, dns })
    expect(changes.map((change) => change.path)).toEqual([MAIN])
    expect(codes).toEqual(['dns-managed-elsewhere'])
  })

  it('keeps option and file in agreement', () => {
    const { after } = run(ifupdownGuest(interfacesFixture('static-cidr')), { dns })
    expect(after.text(MAIN)).toContain('dns-nameservers 9.9.9.9 1.1.1.1\n')
    expect(after.text('/etc/resolv.conf')).toContain('nameserver 9.9.9.9\nnameserver 1.1.1.1\n')
  })
})

describe('sources', () => {
  it.each([
    ['source /etc/network/interfaces.d/*', 'eth.cfg~'],
    ['source interfaces.d/*.cfg', 'x.cfg'],
    ['source-directory interfaces.d', 'eth1'],
    ['source interfaces', 'x', false],
    ['source-directory interfaces.d', 'x.cfg', false],
    ['source interfaces.d/*', '.hidden', false],
    ['source /run/network/interfaces.d/*', 'x', false],
    ['source ../../../../../etc/network/interfaces.d/*', 'x'],
  ])('%s: %s', (line, name, found = true) => {
    const part = guestFile(
      `/etc/network/interfaces.d/${name}`,
      'source ../interfaces\niface ens33 inet dhcp\n',
    )
    const tree = ifupdownGuest(`auto lo\niface lo inet loopback\n${line}\n`, [part])
    expect(ifupdown.profiles(tree).map((one) => one.file)).toEqual(found ? [part.path] : [])
    if (found) expect(run(tree, STATIC).changes.map((change) => change.path)).toEqual([part.path])
  })
})

describe('what is refused', () => {
  it.each([
    ['iface ens33 inet dhcp\nmapping ens33\n script x\n', 2],
    ['auto ens33=home\niface ens33 inet dhcp\n', 1],
    ['rename ens33=lan0\niface ens33 inet dhcp\n', 1],
    ['iface ens33 inet dhcp inherits base\n', 1],
    ['iface ens33\niface ens33 inet dhcp\n', 1],
  ])('%j', (text, line) => {
    const tree = ifupdownGuest(text)
    expect(() => run(tree, STATIC)).toThrow(
      expect.objectContaining({ code: 'NETWORK_UNSUPPORTED', position: { file: MAIN, line } }),
    )
    expect(() => run(tree, {})).not.toThrow()
  })

  it('two default routes', () => {
    const text = 'iface ens33 inet dhcp\niface ens33 inet static\n address 10.0.0.5/8\n gateway 10.0.0.1\n'
    expect(() => run(ifupdownGuest(text), STATIC)).toThrow(
      expect.objectContaining({ code: 'NETWORK_CONFLICT' }),
    )
  })
})

describe('properties', () => {
  const quad = fc
    .tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255))
    .map((parts) => parts.join('.'))
  const want = fc.record({
    address: quad,
    prefix: fc.integer({ min: 1, max: 32 }),
    gateway: fc.option(quad, { nil: undefined }),
  })
  const line = fc.constantFrom(
    '# note',
    '',
    '   ',
    '\tmtu 1400',
    '  up echo \\\n    more',
    '\taddress 10.0.0.9/8',
    '  netmask 255.255.255.0',
    ' gateway 10.0.0.1',
    '\tbroadcast +',
    ' hostname old',
    ' dns-nameservers 9.9.9.9',
  )
  const file = fc
    .record({
      method: fc.constantFrom('dhcp', 'static'),
      body: fc.array(line, { maxLength: 8 }),
      end: fc.constantFrom('\n', '\r\n'),
      tail: fc.boolean(),
    })
    .map(({ method, body, end, tail }) => {
      const lines = [
        '# head',
        'auto lo ens33',
        `iface ens33  inet ${method}`,
        ...body,
        'iface lo inet loopback',
        '# tail',
      ]
      return lines.join(end) + (tail ? end : '')
    })

  test.prop([file, want])(
    'what was asked is read back, and every other line keeps its bytes',
    (text, { gateway, ...rest }) => {
      const ipv4 = { method: 'static' as const, ...rest, ...(gateway === undefined ? {} : { gateway }) }
      const { after } = run(ifupdownGuest(text), { ipv4 })
      expect(profileOf(after).now.ipv4).toEqual(ipv4)
      expect(others(after.text(MAIN) ?? '')).toEqual(others(text))
    },
  )

  test.prop([file, want])('static, DHCP and static again is the same', (text, { gateway, ...rest }) => {
    const ipv4 = { method: 'static' as const, ...rest, ...(gateway === undefined ? {} : { gateway }) }
    const first = run(ifupdownGuest(text), { ipv4 }).after
    const dhcp = run(first, { ipv4: { method: 'dhcp' } }).after
    expect(profileOf(dhcp).now.ipv4).toEqual({ method: 'dhcp' })
    expect(profileOf(run(dhcp, { ipv4 }).after).now.ipv4).toEqual(ipv4)
  })

  function others(text: string): string[] {
    const changed = /^\s*(address|netmask|gateway|broadcast|network|hostname|dns-\S+)\b|^iface ens33/
    return text.split(/\r?\n/).filter((one) => !changed.test(one))
  }
})

describe('detection', () => {
  it('says why', () => {
    expect(ifupdown.detect(ifupdownGuest(interfacesFixture('dhcp')))?.because).toBe(
      '/etc/network/interfaces and networking.service enabled',
    )
  })

  it.each([
    ['masked', [link('/etc/systemd/system/networking.service', '/dev/null')], interfacesFixture('dhcp')],
    ['only lo', [], 'iface lo inet loopback\n'],
  ])('not in force: %s', (_, more, text) => {
    expect(ifupdown.detect(ifupdownGuest(text, more))).toBeUndefined()
  })
})
