import type { Ipv4Addressing, Ipv6Addressing } from './model.ts'

/** True if both say the same; what is absent is the same as nothing. */
export function sameIpv4(a: Ipv4Addressing | undefined, b: Ipv4Addressing): boolean {
  if (a?.method !== 'static' || b.method !== 'static') return a?.method === b.method
  return a.address === b.address && a.prefix === b.prefix && a.gateway === b.gateway
}

export function sameIpv6(a: Ipv6Addressing | undefined, b: Ipv6Addressing): boolean {
  return a?.address === b.address && a.prefix === b.prefix && a.gateway === b.gateway
}
