import { isIPv4 } from 'node:net'

/** An IPv4 address as an unsigned 32-bit number. */
export type Ipv4 = number

/** A dotted quad, strictly: four decimal parts without leading zeros. Undefined if it is anything else. */
export function parseIpv4(text: string): Ipv4 | undefined {
  if (!isIPv4(text)) return undefined
  return text.split('.').reduce((value, part) => value * 256 + Number(part), 0)
}

export function formatIpv4(address: Ipv4): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.')
}

/** 24 becomes 0xffffff00; `prefix` is 0 to 32. */
export function prefixToMask(prefix: number): Ipv4 {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0
}

/** The prefix of a netmask; undefined if its ones are not all in front. */
export function maskToPrefix(mask: Ipv4): number | undefined {
  const prefix = Math.clz32(~mask >>> 0)
  return prefixToMask(prefix) === mask ? prefix : undefined
}

/** A netmask as people write it, "255.255.255.0" or "24"; undefined if it is none (0 counts as none). */
export function parseNetmask(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) return inRange(Number(text))
  const mask = parseIpv4(text)
  return mask === undefined ? undefined : inRange(maskToPrefix(mask))
}

function inRange(prefix: number | undefined): number | undefined {
  return prefix !== undefined && prefix >= 1 && prefix <= 32 ? prefix : undefined
}

/** "255.255.255.0" for 24. */
export function formatNetmask(prefix: number): string {
  return formatIpv4(prefixToMask(prefix))
}

/** An address with the length of its network prefix. */
export interface Cidr {
  readonly address: string
  readonly prefix: number
}

/** "192.168.8.12/24", also with a dotted netmask behind the slash. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', mask = '', ...rest] = text.split('/')
  const prefix = parseNetmask(mask)
  if (rest.length > 0 || prefix === undefined || parseIpv4(address) === undefined) return undefined
  return { address, prefix }
}

/** The network's own address. Throws RangeError if `cidr.address` is no dotted quad. */
export function networkOf(cidr: Cidr): string {
  return formatIpv4((number(cidr.address) & prefixToMask(cidr.prefix)) >>> 0)
}

export function broadcastOf(cidr: Cidr): string {
  return formatIpv4((number(cidr.address) | ~prefixToMask(cidr.prefix)) >>> 0)
}

/** True if `address` lies in the subnet of `cidr`. */
export function inSubnet(address: string, cidr: Cidr): boolean {
  return networkOf({ address, prefix: cidr.prefix }) === networkOf(cidr)
}

/** True if first <= address <= last. */
export function inRangeOf(address: string, range: { first: string; last: string }): boolean {
  return number(range.first) <= number(address) && number(address) <= number(range.last)
}

/** Why a host cannot have this address in this subnet; undefined if it can. */
export function hostFault(cidr: Cidr): string | undefined {
  const first = number(cidr.address) >>> 24
  if (first === 0) return 'belongs to "this network" (0.0.0.0/8)'
  if (first === 127) return 'is a loopback address'
  if (first >= 224 && first < 240) return 'is a multicast address'
  if (first >= 240) return 'is reserved'
  if (cidr.prefix >= 31) return undefined
  if (cidr.address === networkOf(cidr)) return `is the network address of its /${cidr.prefix} subnet`
  if (cidr.address === broadcastOf(cidr)) return `is the broadcast address of its /${cidr.prefix} subnet`
  return undefined
}

function number(address: string): Ipv4 {
  const value = parseIpv4(address)
  if (value === undefined) throw new RangeError(`not an IPv4 address: ${address}`)
  return value
}
