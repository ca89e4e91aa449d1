import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { ifcfgGuest, NEW_MAC, profileOf, run } from '../../../support/ifcfg-guest.ts'

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
    'MTU=1400 # by hand',
    '\tONBOOT="yes"',
    'IPADDR=10.0.0.9',
    'IPADDR0="10.0.0.8"',
    'IPADDR=10.0.0.7 # again',
    'PREFIX=8',
    "NETMASK='255.0.0.0'",
    'PREFIX0=16',
    'GATEWAY=10.0.0.1',
    'GATEWAY0="10.0.0.1"',
    'NETWORK=10.0.0.0',
    'BOOTPROTO=none',
    'BOOTPROTO="dhcp"',
    'DEFROUTE=no',
    'DNS1=9.9.9.9',
    'DOMAIN="a b"',
    'HWADDR=00:0c:29:aa:bb:01',
    'UUID=4e80a56d-1111-4222-8333-444455556666',
    'MACADDR=02:00:00:00:00:01',
    "NAME='System eth0'",
    'junk here',
  )
  const file = fc
    .record({
      body: fc.array(line, { maxLength: 12 }),
      reader: fc.constantFrom('scripts' as const, 'NetworkManager' as const),
      crlf: fc.boolean(),
      tail: fc.boolean(),
    })
    .map(({ body, reader, crlf, tail }) => {
      const end = crlf && reader === 'NetworkManager' ? '\r\n' : '\n'
      return { text: ['DEVICE=eth0', ...body].join(end) + (tail ? end : ''), reader }
    })

  test.prop([file, want])(
    'what was asked is read back, once, and every other line keeps its bytes',
    ({ text, reader }, { gateway, ...rest }) => {
      const ipv4 = { method: 'static' as const, ...rest, ...(gateway === undefined ? {} : { gateway }) }
      const { now, text: after } = run(ifcfgGuest(text, reader), { ipv4 })
      expect(now.ipv4).toEqual(ipv4)
      expect(others(after)).toEqual(others(text))
      const keys = [...after.matchAll(/^\s*(IPADDR)(?==)/gm)].map(([, key]) => key)
      expect(new Set(keys).size).toBe(keys.length)
    },
  )

  test.prop([file, want])(
    'static, DHCP and static again is the same',
    ({ text, reader }, { gateway, ...rest }) => {
      const ipv4 = { method: 'static' as const, ...rest, ...(gateway === undefined ? {} : { gateway }) }
      const first = run(ifcfgGuest(text, reader), { ipv4 }).after
      const dhcp = run(first, { ipv4: { method: 'dhcp' } }, { mac: NEW_MAC })
      expect(dhcp.now.ipv4).toEqual({ method: 'dhcp' })
      expect(dhcp.text).not.toMatch(/IPADDR|00:0c:29|4e80a56d|MACADDR/)
      expect(profileOf(run(dhcp.after, { ipv4 }).after).now.ipv4).toEqual(ipv4)
    },
  )

  function others(text: string): string[] {
    const changed = /^\s*((IPADDR|PREFIX|NETMASK|GATEWAY|NETWORK|BROADCAST)\d*|BOOTPROTO|DEFROUTE)=/
    return text.split(/\r?\n/).filter((one) => one !== '' && !changed.test(one))
  }
})
