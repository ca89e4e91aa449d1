import { isIPv6 } from 'node:net'
import { type IniEntry, iniEntries } from '../../../formats/ini-document.ts'
import { parseIpv4, parseNetmask } from '../../ipv4.ts'
import { canonicalIpv6, parsePrefix6 } from '../../ipv6.ts'
import type { Ipv4Addressing, Ipv6Addressing, NicAddressing } from '../../model.ts'
import { filesOf, lastValue, type Unit, wordsOf } from './files.ts'

/** An entry and the file that holds it. */
export interface Located {
  readonly file: string
  readonly entry: IniEntry
}

/** An address line and what it says. */
export interface AddressEntry extends Located {
  readonly address: string
  readonly prefix: number
}

/** Address= of [Network] and [Address], in order; after an empty one in [Network] those before it do not count. */
export function addressEntries(unit: Unit, six: boolean): AddressEntry[] {
  let found: AddressEntry[] = []
  for (const { file, entry } of located(unit)) {
    if (!['Network', 'Address'].includes(entry.section) || entry.key !== 'Address') continue
    if (entry.value === '' && entry.section === 'Network')
      found = found.filter((one) => one.entry.section === 'Address')
    const cidr = cidrOf(entry.value, six)
    if (cidr) found.push({ file, entry, ...cidr })
  }
  return found
}

/** Gateway= of [Network], and of those [Route] sections that make a default route in the main table. */
export function gatewayEntries(unit: Unit, six: boolean): (Located & { readonly gateway: string })[] {
  const all = located(unit)
  return all.flatMap(({ file, entry }) => {
    if (entry.key !== 'Gateway' || !['Network', 'Route'].includes(entry.section)) return []
    const gateway = six
      ? canonicalIpv6(entry.value)
      : parseIpv4(entry.value) === undefined
        ? undefined
        : entry.value
    if (gateway === undefined) return []
    const siblings = all.filter((one) => one.file === file && one.entry.ordinal === entry.ordinal)
    const value = (key: string) => siblings.findLast((one) => one.entry.key === key)?.entry.value
    const open = /^(|0\.0\.0\.0\/0|::\/0|default)$/.test(value('Destination') ?? '')
    const main = /^(|main|254)$/.test(value('Table') ?? '')
    const source = (value('Source') ?? '') === '' && /^(|unicast)$/.test(value('Type') ?? '')
    return entry.section === 'Network' || (open && main && source) ? [{ file, entry, gateway }] : []
  })
}

/** [Route] sections with a destination and a gateway that is not on the link. */
export function keptRoutes(
  unit: Unit,
): { readonly file: string; readonly to: string; readonly via: string }[] {
  return filesOf(unit).flatMap(({ path, document }) => {
    const all = iniEntries(document).filter(({ section }) => section === 'Route')
    return [...new Set(all.map(({ ordinal }) => ordinal))].flatMap((ordinal) => {
      const value = (key: string) => all.findLast((one) => one.ordinal === ordinal && one.key === key)?.value
      const [to, via] = [value('Destination'), value('Gateway')]
      const onLink = /^(yes|true|1|on|y|t)$/i.test(value('GatewayOnLink') ?? '')
      return !to || !via || onLink ? [] : [{ file: path, to, via }]
    })
  })
}

/** DHCP= as the families that it switches on. */
export function dhcpOf(unit: Unit): { readonly v4: boolean; readonly v6: boolean } {
  const value = (lastValue(unit, 'Network', 'DHCP') ?? 'no').toLowerCase()
  const both = /^(yes|true|1|on|y|t|both)$/.test(value)
  return { v4: both || /^(ipv4|v4)$/.test(value), v6: both || /^(ipv6|v6)$/.test(value) }
}

export function ipv4Of(unit: Unit): Ipv4Addressing | undefined {
  if (dhcpOf(unit).v4) return { method: 'dhcp' }
  const first = staticOf(unit, false)
  return first && { method: 'static', ...first }
}

export function ipv6Of(unit: Unit): Ipv6Addressing | undefined {
  return staticOf(unit, true)
}

function staticOf(unit: Unit, six: boolean): Ipv6Addressing | undefined {
  const [first] = addressEntries(unit, six)
  const gateway = gatewayEntries(unit, six)[0]?.gateway
  return (
    first && { address: first.address, prefix: first.prefix, ...(gateway === undefined ? {} : { gateway }) }
  )
}

/** Name servers and search domains that the files give to systemd-resolved. */
export function resolverOf(unit: Unit): { dns: string[]; search: string[] } {
  return {
    dns: wordsOf(unit, 'Network', 'DNS'),
    search: wordsOf(unit, 'Network', 'Domains').filter((one) => !one.startsWith('~')),
  }
}

/** What the files say now, but for name servers. */
export function addressingOf(unit: Unit): NicAddressing {
  const ipv4 = ipv4Of(unit)
  const ipv6 = ipv6Of(unit)
  return { ...(ipv4 ? { ipv4 } : {}), ...(ipv6 ? { ipv6 } : {}) }
}

export function located(unit: Unit): Located[] {
  return filesOf(unit).flatMap(({ path, document }) =>
    iniEntries(document).map((entry) => ({ file: path, entry })),
  )
}

function cidrOf(text: string, six: boolean): { address: string; prefix: number } | undefined {
  const [left = '', right] = text.split('/')
  if (six !== isIPv6(left)) return undefined
  const address = six ? canonicalIpv6(left) : parseIpv4(left) === undefined ? undefined : left
  const prefix = six ? parsePrefix6(right ?? '128') : parseNetmask(right ?? '32')
  return address === undefined || prefix === undefined ? undefined : { address, prefix }
}
