import { describe, expect, it } from 'vitest'
import { ifupdown } from '../../../../src/network/dialects/ifupdown.ts'
import {
  ifupdownGuest,
  interfacesFixture,
  MAIN,
  NO_MAC,
  run,
  STATIC,
} from '../../../support/ifupdown-guest.ts'

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

  it.each([
    [
      'a next hop that cannot be reached',
      '10.1.2.10/24',
      'up ip route add 10.9.0.0/16 via 10.1.2.254',
      '10.1.2.254',
    ],
    ['the old gateway', '10.1.2.10/24', 'post-up route add default gw 10.1.2.1', '10.1.2.1'],
    ['a default route', '192.168.8.10/24', 'up ip route add default via 192.168.8.1', 'a default route'],
    [
      'a default route in numbers',
      '192.168.8.10/24',
      'up route add -net 0.0.0.0 gw 192.168.8.1',
      'a default route',
    ],
    [
      'a hop that stays in reach',
      '192.168.8.10/24',
      'up ip route add 10.9.0.0/16 via 192.168.8.9',
      undefined,
    ],
  ])('says of a command that it names %s', (_, address, command, value) => {
    const old = `auto ens33\niface ens33 inet static\n  address ${address}\n  ${command}\n`
    const { after, notices } = run(ifupdownGuest(old), STATIC)
    expect(after.text(MAIN)).toContain(`  ${command}\n`)
    const [kind] = command.split(' ')
    expect(notices.map((notice) => notice.message)).toEqual(
      value === undefined ? [] : [`${MAIN}: "${kind}" of ens33 (stanza at line 2) still names ${value}.`],
    )
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
