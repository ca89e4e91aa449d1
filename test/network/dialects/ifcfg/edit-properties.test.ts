import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { ifcfgFile } from '../../../support/ifcfg-file.ts'
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
  test.prop([ifcfgFile, want])(
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

  test.prop([ifcfgFile, want])(
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
