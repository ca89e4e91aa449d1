import { fc } from '@fast-check/vitest'
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

export const DHCP = { ipv4: { method: 'dhcp' } } as const satisfies NicAddressing
