import { VmcloneError } from '../../../errors/index.ts'
import { type Cidr, parseCidr, parseIpv4, parseNetmask } from '../../ipv4.ts'
import { canonicalIpv6, parsePrefix6 } from '../../ipv6.ts'
import type { Ipv4Addressing, Ipv6Addressing } from '../../model.ts'
import { type IfaceStanza, optionValue } from './stanzas.ts'

/**
 * Address and prefix as ifupdown takes them: a netmask line outdoes the prefix behind the slash; without both the
 * address class decides. Undefined if they cannot be read.
 */
export function addressOf(stanza: IfaceStanza): Cidr | undefined {
  const text = optionValue(stanza, 'address') ?? ''
  const netmask = optionValue(stanza, 'netmask')
  const address = text.split('/')[0] as string
  const number = parseIpv4(address)
  if (number === undefined) return undefined
  if (netmask === undefined && text.includes('/')) return parseCidr(text)
  const prefix = netmask === undefined ? classPrefix(number >>> 24) : parseNetmask(netmask)
  return prefix === undefined ? undefined : { address, prefix }
}

function classPrefix(first: number): number | undefined {
  if (first < 128) return 8
  if (first < 192) return 16
  return first < 224 ? 24 : undefined
}

/** An inet stanza as the model has it; undefined for methods other than static and dhcp, and for what cannot be read. */
export function ipv4Of(stanza: IfaceStanza | undefined): Ipv4Addressing | undefined {
  if (stanza?.method === 'dhcp') return { method: 'dhcp' }
  const cidr = stanza?.method === 'static' ? addressOf(stanza) : undefined
  if (!stanza || !cidr) return undefined
  const gateway = optionValue(stanza, 'gateway')
  return { method: 'static', ...cidr, ...(gateway === undefined ? {} : { gateway }) }
}

/** A static inet6 stanza as the model has it; undefined for every other method. */
export function ipv6Of(stanza: IfaceStanza | undefined): Ipv6Addressing | undefined {
  if (stanza?.method !== 'static') return undefined
  const [text = '', slash] = (optionValue(stanza, 'address') ?? '').split('/')
  const address = canonicalIpv6(text)
  const prefix = parsePrefix6(optionValue(stanza, 'netmask') ?? slash ?? '64')
  if (address === undefined || prefix === undefined) return undefined
  const gateway = optionValue(stanza, 'gateway')
  return {
    address,
    prefix,
    ...(gateway === undefined ? {} : { gateway: canonicalIpv6(gateway) ?? gateway }),
  }
}

/** The stanzas that matter for one interface. */
export interface InterfaceStanzas {
  /** Carries the address that a clone gets: the one with the default route, else the first. */
  readonly inet: IfaceStanza | undefined
  /** Further static addresses. */
  readonly extra: readonly IfaceStanza[]
  readonly inet6: IfaceStanza | undefined
  /** All stanzas of the interface. */
  readonly all: readonly IfaceStanza[]
}

/** Sorts out the stanzas of one interface. */
export function stanzasFor(stanzas: readonly IfaceStanza[], name: string): InterfaceStanzas {
  const all = stanzas.filter((stanza) => stanza.name === name)
  const inets = all.filter(
    ({ family, method }) => family === 'inet' && (method === 'static' || method === 'dhcp'),
  )
  const inet = inets.find(hasRoute) ?? inets[0]
  const inet6s = all.filter(({ family, method }) => family === 'inet6' && method !== 'manual')
  const inet6 = inet6s.find((stanza) => optionValue(stanza, 'gateway') !== undefined) ?? inet6s[0]
  return { inet, inet6, extra: inets.filter((stanza) => stanza !== inet), all }
}

/** Throws NETWORK_CONFLICT if an interface gets more than one IPv4 default route. */
export function refuseTwoRoutes(own: InterfaceStanzas): void {
  const routed = [...(own.inet ? [own.inet] : []), ...own.extra].filter(hasRoute)
  if (routed.length < 2) return
  const where = routed.map(({ file, line }) => `${file}:${line}`).join(' and ')
  throw new VmcloneError(
    'NETWORK_CONFLICT',
    `${routed[0]?.name} gets a default route from two stanzas: ${where}`,
    { hint: 'Leave one of them in the template.' },
  )
}

/** True if the stanza brings a default route. */
export function hasRoute(stanza: IfaceStanza): boolean {
  return stanza.method === 'dhcp' || optionValue(stanza, 'gateway') !== undefined
}
