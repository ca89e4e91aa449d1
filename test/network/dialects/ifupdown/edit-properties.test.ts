import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { interfacesFile } from '../../../support/ifupdown-file.ts'
import { ifupdownGuest, MAIN, profileOf, run } from '../../../support/ifupdown-guest.ts'

describe('properties', () => {
  const quad = fc
    .tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255))
    .map((parts) => parts.join('.'))
  const want = fc.record({
    address: quad,
    prefix: fc.integer({ min: 1, max: 32 }),
    gateway: fc.option(quad, { nil: undefined }),
  })
  test.prop([interfacesFile, want])(
    'what was asked is read back, and every other line keeps its bytes',
    (text, { gateway, ...rest }) => {
      const ipv4 = { method: 'static' as const, ...rest, ...(gateway === undefined ? {} : { gateway }) }
      const { after } = run(ifupdownGuest(text), { ipv4 })
      expect(profileOf(after).now.ipv4).toEqual(ipv4)
      expect(others(after.text(MAIN) ?? '')).toEqual(others(text))
    },
  )

  test.prop([interfacesFile, want])(
    'static, DHCP and static again is the same',
    (text, { gateway, ...rest }) => {
      const ipv4 = { method: 'static' as const, ...rest, ...(gateway === undefined ? {} : { gateway }) }
      const first = run(ifupdownGuest(text), { ipv4 }).after
      const dhcp = run(first, { ipv4: { method: 'dhcp' } }).after
      expect(profileOf(dhcp).now.ipv4).toEqual({ method: 'dhcp' })
      expect(profileOf(run(dhcp, { ipv4 }).after).now.ipv4).toEqual(ipv4)
    },
  )

  function others(text: string): string[] {
    const changed = /^\s*(address|netmask|gateway|broadcast|network|hostname|dns-\S+)\b|^iface ens33/
    return text.split(/\r?\n/).filter((one) => !changed.test(one))
  }
})
