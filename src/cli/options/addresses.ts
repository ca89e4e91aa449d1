import { parseCidr, parseIpv4, parseNetmask } from '../../network/ipv4.ts'
import { canonicalIpv6, parseCidr6 } from '../../network/ipv6.ts'
import { bad } from './parsers.ts'

export function toIpv4(text: string): string {
  if (parseIpv4(text) !== undefined) return text
  throw bad(`"${text}" is no IPv4 address`, 'Give four numbers from 0 to 255, such as 192.168.8.12.')
}

/** RFC 5952 text. */
export function toIpv6(text: string): string {
  const address = canonicalIpv6(text)
  if (address !== undefined) return address
  throw bad(`"${text}" is no IPv6 address`, 'Give an address such as fd00:8::12.')
}

export function toIp(text: string): string {
  const address = parseIpv4(text) === undefined ? canonicalIpv6(text) : text
  if (address !== undefined) return address
  throw bad(`"${text}" is no IP address`, 'Give an address such as 192.168.8.12.')
}

/** "192.168.8.12" or "192.168.8.12/24". */
export function toIpv4AndPrefix(text: string): { address: string; prefix?: number } {
  if (!text.includes('/')) return { address: toIpv4(text) }
  const cidr = parseCidr(text)
  if (cidr !== undefined) return cidr
  throw bad(`"${text}" is no IPv4 address with a prefix length`, 'Give it as 192.168.8.12/24.')
}

/** "fd00:8::12/64". */
export function toIpv6AndPrefix(text: string): { address: string; prefix: number } {
  const cidr = parseCidr6(text)
  if (cidr !== undefined) return cidr
  throw bad(`"${text}" is no IPv6 address with a prefix length`, 'Give it as fd00:8::12/64.')
}

/** 24. */
export function toPrefix(text: string): number {
  const prefix = text.includes('.') ? undefined : parseNetmask(text)
  if (prefix !== undefined) return prefix
  throw bad(
    `"${text}" is no prefix length`,
    'Give a whole number from 1 to 32; --netmask takes 255.255.255.0.',
  )
}

/** "255.255.255.0" as 24. */
export function toNetmask(text: string): number {
  const prefix = parseNetmask(text)
  if (prefix !== undefined) return prefix
  throw bad(`"${text}" is no netmask: its ones must stand together at the front`, 'Give it as 255.255.255.0.')
}
