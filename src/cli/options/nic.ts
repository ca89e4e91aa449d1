import { parseMac } from '../../identity/mac.ts'
import type { NicRequest } from '../../identity/request.ts'
import { toIp, toIpv4, toIpv4AndPrefix, toIpv6, toIpv6AndPrefix, toNetmask, toPrefix } from './addresses.ts'
import { bad, oneOfOr, toDomain, toLine, toMac } from './parsers.ts'

/** Some of a card's request. */
export type NicPart = Partial<Record<keyof NicRequest, unknown>>

/** What may stand after the device; each gives its share of the NIC's request. Lists are separated by ";". */
export const NIC_PARTS: Readonly<Record<string, (value: string) => NicPart>> = {
  ip: (value) => {
    const { address, prefix } = toIpv4AndPrefix(value)
    return prefix === undefined ? { ip: address } : { ip: address, prefix }
  },
  prefix: (value) => ({ prefix: toPrefix(value) }),
  netmask: (value) => ({ prefix: toNetmask(value) }),
  gateway: (value) => ({ gateway: oneOfOr(['none'], toIpv4)(value) }),
  dns: (value) => ({ dns: value.split(';').map(toIp) }),
  search: (value) => ({ search: value.split(';').map(toDomain) }),
  ip6: (value) => ({ ip6: toIpv6AndPrefix(value) }),
  gateway6: (value) => ({ gateway6: toIpv6(value) }),
  mac: (value) => ({ mac: toMac(value) }),
  'old-mac': (value) => ({ oldMac: parseMac(value) }),
  profile: (value) => ({ profile: toLine(value) }),
}

const EXAMPLE = 'Write it as "ethernet1,ip=10.0.0.5/24,dns=1.1.1.1;8.8.8.8" (in quotes, because of the ";").'

/** One --nic: "ethernet1,ip=10.0.0.5/24,gateway=none,dns=1.1.1.1;8.8.8.8" or "ethernet1,dhcp". Throws BAD_OPTION. */
export function parseNic(text: string): NicRequest & { readonly device: string } {
  const [device = '', ...parts] = text.split(',').map((part) => part.trim())
  if (!/^ethernet\d{1,2}$/.test(device)) {
    throw bad(`"${device}" is no network card of a .vmx`, `Begin with ethernet0, ethernet1 …. ${EXAMPLE}`)
  }
  return nicOf(device, parts.map(readPart))
}

/** One card of its parts. Throws BAD_OPTION if two of them contradict each other. */
export function nicOf(device: string, parts: readonly NicPart[]): NicRequest & { readonly device: string } {
  const nic: NicPart = {}
  for (const [key, value] of parts.flatMap((part) => Object.entries(part))) {
    const name = key as keyof NicRequest
    if (name in nic && nic[name] !== value) throw bad(`${device} has two values for ${name}`, EXAMPLE)
    nic[name] = value
  }
  if (nic.dhcp !== undefined) {
    const other = (['ip', 'prefix', 'gateway'] as const).find((name) => name in nic)
    if (other !== undefined) throw bad(`${device} has both dhcp and ${other}`, 'Give one of the two.')
  }
  return { ...nic, device } as NicRequest & { readonly device: string }
}

function readPart(part: string): NicPart {
  if (part === 'dhcp') return { dhcp: true }
  const equals = part.indexOf('=')
  const name = equals < 0 ? part : part.slice(0, equals)
  const read = Object.hasOwn(NIC_PARTS, name) ? NIC_PARTS[name] : undefined
  if (equals < 0) throw bad(`"${part}" is neither dhcp nor a part such as ip=10.0.0.5`, EXAMPLE)
  if (read === undefined) {
    throw bad(
      `"${name}" is no part of a network card`,
      `There are ${Object.keys(NIC_PARTS).join(', ')} and dhcp.`,
    )
  }
  return read(part.slice(equals + 1))
}
