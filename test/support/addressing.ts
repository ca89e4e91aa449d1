import { fc } from '@fast-check/vitest'
import { canonicalIpv6 } from '../../src/network/ipv6.ts'
import type { NicAddressing } from '../../src/network/model.ts'

const quad = fc
  .tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255))
  .map((parts) => parts.join('.'))

/** A static IPv4 addressing as a dialect is asked for it. */
export const staticIpv4 = fc
  .record({
    address: quad,
    prefix: fc.integer({ min: 1, max: 32 }),
    gateway: fc.option(quad, { nil: undefined }),
  })
  .map(({ gateway, ...rest }) => ({
    ipv4: { method: 'static' as const, ...rest, ...(gateway === undefined ? {} : { gateway }) },
  }))

export const nameServers = fc.uniqueArray(quad, { minLength: 1, maxLength: 3 })

const six = fc
  .tuple(fc.nat(0xffff), fc.integer({ min: 1, max: 0xfffe }))
  .map(([net, host]) => canonicalIpv6(`fd00:${net.toString(16)}::${host.toString(16)}`) as string)

const staticIpv6 = fc
  .record({
    address: six,
    prefix: fc.integer({ min: 1, max: 128 }),
    gateway: fc.option(fc.constantFrom('fe80::1', 'fd00:9::1'), { nil: undefined }),
  })
  .map(({ gateway, ...rest }) => ({ ...rest, ...(gateway === undefined ? {} : { gateway }) }))

/** Everything that can be asked for at once: static IPv4, name servers, search domains, and perhaps IPv6. */
export const wholeRequest = fc
  .record({
    ipv4: staticIpv4,
    dns: nameServers,
    search: fc.uniqueArray(fc.constantFrom('a.example', 'b.example', 'c.test'), { minLength: 1 }),
    ipv6: fc.option(staticIpv6, { nil: undefined }),
  })
  .map(({ ipv4, ipv6, ...names }): NicAddressing => ({ ...ipv4, ...names, ...(ipv6 ? { ipv6 } : {}) }))

export const DHCP = { ipv4: { method: 'dhcp' } } as const satisfies NicAddressing
