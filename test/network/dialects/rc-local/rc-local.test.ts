import { fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { GuestTree, guestFile } from '../../../../src/guest/tree.ts'
import { rcLocal } from '../../../../src/network/dialects/rc-local.ts'
import type { NicAddressing } from '../../../../src/network/model.ts'
import { dialectLaws } from '../../../support/dialect-laws.ts'
import { profileIn, runDialect } from '../../../support/dialect-run.ts'
import { STATIC } from '../../../support/ifupdown-guest.ts'

const RC = '/etc/rc.local'
const guest = (text: string, mode = 0o755) =>
  new GuestTree([
    guestFile(RC, text, { mode }),
    guestFile('/etc/runit/2', ''),
    guestFile('/etc/resolv.conf', 'nameserver 10.0.0.2\n'),
  ])
const edit = (text: string, want: NicAddressing) => {
  const done = runDialect(rcLocal, guest(text), want)
  return { ...done, script: done.text(RC) }
}
const ADDR = 'ip addr add 10.0.0.5/24 dev eth0\n'

it('is in force where runit runs a script that sets an address', () => {
  expect(rcLocal.detect(guest(ADDR))?.because).toContain('/etc/runit/2')
  expect(rcLocal.detect(guest(ADDR, 0o644))).toBeUndefined()
  expect(rcLocal.detect(guest('# ip addr add 10.0.0.5/24 dev eth0\n'))).toBeUndefined()
  expect(rcLocal.detect(new GuestTree([guestFile(RC, ADDR, { mode: 0o755 })]))).toBeUndefined()
})

it.each<[string, string, string]>([
  [
    'as in the handbook',
    'ip link set dev eth0 up\nip addr add 10.0.0.5/24 brd + dev eth0\nip route add default via 10.0.0.1\n',
    'ip link set dev eth0 up\nip addr add 192.168.8.12/24 brd + dev eth0\nip route add default via 192.168.8.2\n',
  ],
  [
    'no route yet',
    `#!/bin/sh\n  ${ADDR}logger x\n`,
    '#!/bin/sh\n  ip addr add 192.168.8.12/24 dev eth0\n  ip route add default via 192.168.8.2 dev eth0\nlogger x\n',
  ],
  [
    'other words',
    '/sbin/ip -4 a replace dev eth0 10.0.0.5/24 broadcast 10.0.0.255 # lan\nip r add default dev eth0 via 10.0.0.1\n',
    '/sbin/ip -4 a replace dev eth0 192.168.8.12/24 broadcast 192.168.8.255 # lan\nip r add default dev eth0 via 192.168.8.2\n',
  ],
  [
    'no line end',
    ADDR.trim(),
    'ip addr add 192.168.8.12/24 dev eth0\nip route add default via 192.168.8.2 dev eth0\n',
  ],
])('%s', (_, before, after) => expect(edit(before, STATIC).script).toBe(after))

it('takes the route out, adds IPv6, writes resolv.conf, and tells of what stays', () => {
  const text = `${ADDR}ip addr add 10.0.1.5/24 dev eth0\nip route add default via 10.0.0.1 dev eth0\nip route add 10.9.0.0/16 via 10.0.0.9\n`
  const done = edit(text, {
    ipv4: { method: 'static', address: '192.168.8.12', prefix: 24 },
    ipv6: { address: 'fd00::12', prefix: 64, gateway: 'fe80::1' },
    dns: ['192.168.8.2'],
  })
  expect(done.script).toBe(
    'ip addr add 192.168.8.12/24 dev eth0\nip -6 addr add fd00::12/64 dev eth0\nip -6 route add default via fe80::1 dev eth0\nip addr add 10.0.1.5/24 dev eth0\nip route add 10.9.0.0/16 via 10.0.0.9\n',
  )
  expect(done.text('/etc/resolv.conf')).toBe('nameserver 192.168.8.2\n')
  expect(done.codes).toEqual(['extra-address-kept', 'old-value-left'])
})

describe('refused', () => {
  it.each<[string, string, NicAddressing]>([
    ['DHCP', ADDR, { ipv4: { method: 'dhcp' } }],
    ['a condition', `if true; then\n  ${ADDR}fi\n`, STATIC],
    ['a function', `up() {\n${ADDR}}\nup\n`, STATIC],
    ['a shared line', `true && ${ADDR}`, STATIC],
    ['a continued line', 'ip addr add 10.0.0.5/24 dev eth0 \\\n  brd +\n', STATIC],
  ])('%s', (_, text, addressing) => {
    const tree = guest(text)
    const plan = { profile: profileIn(rcLocal, tree), addressing, mac: { from: [] }, operation: 'network' }
    expect(() => rcLocal.edit(tree, plan)).toThrow(
      expect.objectContaining({ code: 'NETWORK_UNSUPPORTED', hint: expect.any(String) }),
    )
    expect(rcLocal.edit(tree, { ...plan, addressing: {} }).changes).toEqual([])
  })
})

const line = fc.constantFrom(
  '# note',
  '',
  'ip link set dev eth0 up',
  'ip route add default via 10.0.0.1',
  '\tip route add default via 10.0.0.3 dev eth0',
  'ip -6 addr add fd00::5/64 dev eth0',
  'ip addr add 10.0.9.7/24 dev eth0',
  'ip route add 10.9.0.0/16 via 10.0.0.9',
  'mount -a',
)
dialectLaws({
  dialect: rcLocal,
  name: 'eth0',
  path: RC,
  dhcp: false,
  guest: (text) => guest(`${ADDR}${text}`),
  addressing: /10\.0\.0\.5\/24|^\s*ip route add default|addr add (?!10\.0\.9\.7|fd00)/,
  files: fc.uniqueArray(line, { maxLength: 8 }).map((lines) => lines.join('\n')),
})
