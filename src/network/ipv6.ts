import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

/** RFC 5952 text of an IPv6 address; undefined if it is none, or has a zone. */
export function canonicalIpv6(text: string): string | undefined {
  if (!isIPv6(text) || text.includes('%')) return undefined
  return ipaddr.IPv6.parse(text).toRFC5952String()
}

/** "fd00::5/64" with the address in RFC 5952 text. */
export function parseCidr6(text: string): { address: string; prefix: number } | undefined {
  const [left = '', right = '', ...rest] = text.split('/')
  const address = canonicalIpv6(left)
  const prefix = parsePrefix6(right)
  return rest.length === 0 && address !== undefined && prefix !== undefined ? { address, prefix } : undefined
}

/** A prefix length of 1 to 128. */
export function parsePrefix6(text: string): number | undefined {
  const prefix = /^\d{1,3}$/.test(text) ? Number(text) : 0
  return prefix >= 1 && prefix <= 128 ? prefix : undefined
}

/** True if both lie in one network. Throws RangeError for what is no IPv6 address. */
export function inSubnet6(address: string, cidr: { address: string; prefix: number }): boolean {
  return parsed(address).match(parsed(cidr.address), cidr.prefix)
}

/** True for fe80::/10: a gateway there is on the link whatever the subnet. */
export function isLinkLocal6(address: string): boolean {
  return parsed(address).range() === 'linkLocal'
}

/** Why a host cannot have this address; undefined if it can. */
export function hostFault6(address: string): string | undefined {
  const range = parsed(address).range()
  if (range === 'unspecified') return 'is the unspecified address'
  if (range === 'loopback') return 'is the loopback address'
  if (range === 'multicast') return 'is a multicast address'
  return undefined
}

function parsed(address: string): ipaddr.IPv6 {
  if (canonicalIpv6(address) === undefined) throw new RangeError(`not an IPv6 address: ${address}`)
  return ipaddr.IPv6.parse(address)
}
