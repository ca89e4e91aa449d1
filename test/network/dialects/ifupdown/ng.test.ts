import { fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../../../src/guest/tree.ts'
import { ifupdown } from '../../../../src/network/dialects/ifupdown.ts'
import type { NicAddressing } from '../../../../src/network/model.ts'
import { dialectLaws } from '../../../support/dialect-laws.ts'
import { profileIn, runDialect } from '../../../support/dialect-run.ts'
import { ifupdownGuest, link, MAIN, STATIC } from '../../../support/ifupdown-guest.ts'

/** Alpine from 3.13 on. */
const guest = (text: string, ...more: GuestNode[]) =>
  new GuestTree([
    guestFile(MAIN, text),
    guestFile('/sbin/ifupdown', ''),
    link('/sbin/ifup', 'ifupdown'),
    link('/etc/runlevels/boot/networking', '/etc/init.d/networking'),
    guestFile('/etc/resolv.conf', 'nameserver 192.168.8.2\n'),
    ...more,
  ])
const edit = (text: string, want: NicAddressing) =>
  runDialect(ifupdown, guest(text), want, { name: 'eth0' }).text(MAIN)
const DHCP: NicAddressing = { ipv4: { method: 'dhcp' } }

it('is in force under OpenRC, with BusyBox too', () => {
  const text = 'auto eth0\niface eth0 inet dhcp\n'
  expect(ifupdown.detect(guest(text))?.because).toBe(`${MAIN} and /etc/runlevels/boot/networking`)
  const busybox = [
    guestFile(MAIN, text),
    guestFile('/bin/busybox', ''),
    link('/sbin/ifup', '/bin/busybox'),
    link('/etc/runlevels/boot/networking', '/etc/init.d/networking'),
  ]
  expect(ifupdown.detect(new GuestTree(busybox))).toBeDefined()
})

it.each<[string, string, NicAddressing, string]>([
  [
    'DHCP to static',
    'iface eth0\n\tuse dhcp\n\tdhcp-hostname x\n\tmtu 1400\n',
    STATIC,
    'iface eth0\n\taddress 192.168.8.12/24\n\tgateway 192.168.8.2\n\tmtu 1400\n',
  ],
  [
    'static to static',
    'iface eth0\n  address 10.0.0.5/24\n  gateway 10.0.0.1\n',
    STATIC,
    'iface eth0\n  address 192.168.8.12/24\n  gateway 192.168.8.2\n',
  ],
  [
    'static to DHCP',
    'iface eth0\n  use bridge\n  address 10.0.0.5/24\n  gateway 10.0.0.1\n',
    DHCP,
    'iface eth0\n  use dhcp\n  use bridge\n',
  ],
  [
    'IPv6 beside',
    'iface eth0\n  use dhcp\n',
    { ipv6: { address: 'fd00::12', prefix: 64 } },
    'iface eth0\n  use dhcp\n\niface eth0 inet6 static\n  address fd00::12/64\n',
  ],
  [
    'a prefix, of which BusyBox knows nothing',
    'iface eth0 inet dhcp\n',
    STATIC,
    'iface eth0 inet static\n    address 192.168.8.12/24\n    gateway 192.168.8.2\n',
  ],
])('%s', (_, before, want, after) => expect(edit(before, want)).toBe(after))

describe('refused', () => {
  it.each([
    ['several addresses in a stanza', guest('iface eth0\n  address 10.0.0.5/24\n  address 10.0.0.6/24\n')],
    ['a template', guest('iface eth0\n  inherits lan\n  address 10.0.0.5/24\n')],
    ['a bare stanza with Debian’s ifupdown', ifupdownGuest('iface eth0\n  address 10.0.0.5/24\n')],
  ])('%s', (_, tree) => {
    const plan = {
      profile: profileIn(ifupdown, tree),
      addressing: STATIC,
      mac: { from: [] },
      operation: 'network',
    }
    expect(() => ifupdown.edit(tree, plan)).toThrow(
      expect.objectContaining({ code: 'NETWORK_UNSUPPORTED', hint: expect.any(String) }),
    )
    expect(ifupdown.edit(tree, { ...plan, addressing: {} }).changes).toEqual([])
  })
})

dialectLaws({
  dialect: ifupdown,
  name: 'eth0',
  path: MAIN,
  guest,
  addressing:
    /^\s+(address|netmask|gateway|broadcast|dhcp-hostname|hostname|dns-nameservers)\s|^\s+use dhcp$/,
  files: fc
    .tuple(
      fc.constantFrom('use dhcp', 'address 10.0.0.5/24', 'address 10.0.0.5'),
      fc.uniqueArray(
        fc.constantFrom(
          '# note',
          '',
          'gateway 10.0.0.1',
          'netmask 255.255.255.0',
          'dhcp-hostname x',
          'use vlan',
          'mtu 1500',
          'up true',
        ),
        { maxLength: 6 },
      ),
    )
    .map(([first, body]) =>
      ['auto lo eth0', 'iface lo', 'iface eth0', ...[first, ...body].map((one) => `\t${one}`), ''].join('\n'),
    ),
})
