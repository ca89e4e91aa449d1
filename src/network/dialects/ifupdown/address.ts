import {
  addOption,
  addStanza,
  removeOptions,
  setHeaderWord,
  setOption,
} from '../../../formats/interfaces-edit.ts'
import { broadcastOf, type Cidr, formatNetmask, networkOf } from '../../ipv4.ts'
import type { Ipv4Addressing, Ipv6Addressing } from '../../model.ts'
import { sameIpv4 } from '../../same-addressing.ts'
import type { Draft } from './draft.ts'
import { addressOf, ipv4Of, ipv6Of } from './read.ts'
import { type IfaceStanza, optionValue } from './stanzas.ts'

/** How an address is written: with its prefix, or with a netmask line (dotted, or a number). */
export type AddressStyle = 'cidr' | 'netmask' | 'number'

const METHOD = 2
const NETWORK = ['address', 'netmask', 'broadcast', 'network']
const DHCP_ONLY = [
  'hostname',
  'client',
  'leasehours',
  'leasetime',
  'vendor',
  'dhcp-hostname',
  'dhcp-program',
  'udhcpc-opts',
]
const DHCP6_ONLY = ['accept-ra', 'autoconf', 'request-prefix', 'll-attempts', 'll-interval', 'hostname']
const STATIC_ONLY = [
  ...NETWORK,
  'gateway',
  'pointopoint',
  'scope',
  'dns-nameservers',
  'dns-nameserver',
  'dns-search',
  'dns-domain',
  'dns-sortlist',
  'dns-options',
]

/** Gives an inet stanza its addressing; nothing if it has it. `style` is for stanzas without one of their own. */
export function editIpv4(
  draft: Draft,
  stanza: IfaceStanza,
  want: Ipv4Addressing,
  style: AddressStyle,
): IfaceStanza {
  const now = ipv4Of(stanza)
  if (sameIpv4(now, want)) return stanza
  const switched = setMethod(draft, stanza, want.method)
  if (want.method === 'dhcp') return remove(draft, switched, STATIC_ONLY)
  const current = addressOf(switched)
  const same = current?.address === want.address && current.prefix === want.prefix
  // What is of DHCP goes last: new lines take its indent.
  const addressed = same ? switched : setAddress(draft, switched, want, style)
  const routed = setGateway(draft, addressed, want.gateway)
  return stanza.method === 'dhcp' ? remove(draft, routed, DHCP_ONLY) : routed
}

/** The style in which a stanza gives its address; undefined if it shows none. */
export function styleOf(stanza: IfaceStanza): AddressStyle | undefined {
  const netmask = optionValue(stanza, 'netmask')
  if (optionValue(stanza, 'address')?.includes('/')) return 'cidr'
  if (netmask === undefined) return undefined
  return netmask.includes('.') ? 'netmask' : 'number'
}

function setAddress(draft: Draft, stanza: IfaceStanza, want: Cidr, fallback: AddressStyle): IfaceStanza {
  const style = styleOf(stanza) ?? fallback
  const text = style === 'cidr' ? `${want.address}/${want.prefix}` : want.address
  const netmask = style === 'number' ? String(want.prefix) : formatNetmask(want.prefix)
  const addressed = set(draft, stanza, 'address', text, [])
  const masked =
    style === 'cidr'
      ? remove(draft, addressed, ['netmask'])
      : set(draft, addressed, 'netmask', netmask, ['address'])
  const stale = (name: string, right: string) => {
    const value = optionValue(masked, name)
    return value !== undefined && value !== right && !(name === 'broadcast' && /^[+-]$/.test(value))
  }
  const gone = [
    ...(stale('broadcast', broadcastOf(want)) ? ['broadcast'] : []),
    ...(stale('network', networkOf(want)) ? ['network'] : []),
  ]
  return remove(draft, masked, gone)
}

/** Gives an interface a static IPv6 address: in its inet6 stanza, or in a new one behind `neighbour`. */
export function editIpv6(
  draft: Draft,
  stanza: IfaceStanza | undefined,
  neighbour: IfaceStanza,
  want: Ipv6Addressing,
): void {
  const text = `${want.address}/${want.prefix}`
  if (!stanza) {
    const options = [`address ${text}`, ...(want.gateway === undefined ? [] : [`gateway ${want.gateway}`])]
    draft.edit(neighbour, (document, ordinal) =>
      addStanza(document, ordinal, `iface ${neighbour.name} inet6 static`, options),
    )
    return
  }
  const now = ipv6Of(stanza)
  if (now?.address === want.address && now.prefix === want.prefix && now.gateway === want.gateway) return
  let next = setMethod(draft, stanza, 'static')
  if (stanza.method !== 'static') next = remove(draft, next, DHCP6_ONLY)
  if (styleOf(next) === 'number') {
    next = set(draft, next, 'address', want.address, [])
    next = set(draft, next, 'netmask', String(want.prefix), ['address'])
  } else {
    next = remove(draft, set(draft, next, 'address', text, []), ['netmask'])
  }
  setGateway(draft, next, want.gateway)
}

/** A new inet stanza behind `neighbour`, for an interface that has only IPv6. */
export function addIpv4(
  draft: Draft,
  neighbour: IfaceStanza,
  want: Ipv4Addressing,
  style: AddressStyle,
): void {
  const options =
    want.method === 'dhcp'
      ? []
      : [
          `address ${style === 'cidr' ? `${want.address}/${want.prefix}` : want.address}`,
          ...(style === 'cidr' ? [] : [`netmask ${formatNetmask(want.prefix)}`]),
          ...(want.gateway === undefined ? [] : [`gateway ${want.gateway}`]),
        ]
  draft.edit(neighbour, (document, ordinal) =>
    addStanza(document, ordinal, `iface ${neighbour.name} inet ${want.method}`, options),
  )
}

function setGateway(draft: Draft, stanza: IfaceStanza, gateway: string | undefined): IfaceStanza {
  if (gateway === undefined) return remove(draft, stanza, ['gateway'])
  return set(draft, stanza, 'gateway', gateway, NETWORK)
}

function setMethod(draft: Draft, stanza: IfaceStanza, method: string): IfaceStanza {
  if (stanza.bare) {
    if (stanza.method === method) return stanza
    return draft.edit(stanza, (document, ordinal) =>
      method === 'dhcp'
        ? addOption(document, ordinal, 'use', 'dhcp')
        : removeOptions(document, ordinal, ['use'], 'dhcp'),
    )
  }
  return draft.edit(stanza, (document, ordinal) => setHeaderWord(document, ordinal, METHOD, method))
}

function set(draft: Draft, stanza: IfaceStanza, name: string, value: string, after: string[]): IfaceStanza {
  return draft.edit(stanza, (document, ordinal) => setOption(document, ordinal, name, value, after))
}

function remove(draft: Draft, stanza: IfaceStanza, names: readonly string[]): IfaceStanza {
  return draft.edit(stanza, (document, ordinal) => removeOptions(document, ordinal, names))
}
