import type { Notice } from '../notices.ts'
import { type Cidr, inSubnet, parseIpv4 } from './ipv4.ts'
import type { Ipv4Addressing, Ipv6Addressing } from './model.ts'

/** An address in a line that belongs to the old configuration and not to the new one: the old one, or one of its subnet. */
export function staleAddress(
  line: string,
  old: Cidr | undefined,
  want: Ipv4Addressing | undefined,
): string | undefined {
  if (!old) return undefined
  const named = [...line.matchAll(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g)].map(([one]) => one)
  return named.find((one) => {
    if (parseIpv4(one) === undefined || !inSubnet(one, old)) return false
    if (want?.method !== 'static') return true
    return one === old.address ? want.address !== one : !inSubnet(one, want)
  })
}

/** Where in the guest's files something stands: "/etc/x" or "/etc/x:12". */
type Place = string

export function extraAddress(place: Place, name: string, cidr: string): Notice {
  return {
    code: 'extra-address-kept',
    message: `${place}: ${name} keeps its further address ${cidr}.`,
    hint: 'Take it out of the clone if the template goes on using it.',
  }
}

export function keptIpv6(place: Place, name: string, { address, prefix }: Ipv6Addressing): Notice {
  return {
    code: 'ipv6-kept',
    message: `${place}: ${name} keeps the IPv6 address ${address}/${prefix}.`,
    hint: 'Give --ip6 ADDRESS/PREFIX for an address of its own.',
  }
}

export function oldValueLeft(place: Place, value: string): Notice {
  return {
    code: 'old-value-left',
    message: `${place} names ${value}; it was left as it is.`,
    hint: 'Correct it by hand if it must follow.',
  }
}
