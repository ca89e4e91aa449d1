import { isIPv6 } from 'node:net'
import type { IniDocument } from '../../../formats/ini-document.ts'
import type { Ipv4Addressing, Ipv6Addressing, NicAddressing } from '../../model.ts'
import { sameList } from '../../resolv-conf.ts'
import { addressLines, removeAddresses, writeAddress } from './addresses.ts'
import { IPV4, IPV6, isTrue, listOf, type Setting, setList, setValue, valueIn } from './document.ts'
import { addressingOf, ipv4Of, ipv6Of, methodOf } from './read.ts'
import { defaultRoutes, setDefaultRoute } from './routes.ts'

const ADDRESS = ['method', 'address', 'address0', 'address1', 'addresses', 'addresses1', 'gateway']

/** Gives a profile its addressing; what is not asked for, and what is so already, keeps its bytes. */
export function editAddressing(document: IniDocument, want: NicAddressing): IniDocument {
  let next = document
  if (want.ipv4) next = editIpv4(next, want.ipv4)
  if (want.ipv6) next = editIpv6(next, want.ipv6)
  return editDns(next, want)
}

/** True if the profile can hold these name servers: a family that is switched off takes none. */
export function holdsDns(document: IniDocument, want: NicAddressing): boolean {
  return sameList(want.dns ?? [], want.dns ? (addressingOf(document).dns ?? []) : [])
}

function editIpv4(document: IniDocument, want: Ipv4Addressing): IniDocument {
  const now = ipv4Of(document)
  if (want.method === 'static')
    return now?.method === 'static' && sameAddress(now, want) ? document : setStatic(document, IPV4, want)
  if (now?.method === 'dhcp' && addressLines(document, IPV4).length === 0) return document
  const routed = setDefaultRoute(document, IPV4, undefined)
  const bare = removeAddresses(setValue(routed, IPV4, 'method', 'auto'), IPV4)
  return ['gateway', 'dns', 'ignore-auto-dns'].reduce(
    (next, key) => setValue(next, IPV4, key, undefined),
    bare,
  )
}

function editIpv6(document: IniDocument, want: Ipv6Addressing): IniDocument {
  const now = ipv6Of(document)
  return now && sameAddress(now, want) ? document : setStatic(document, IPV6, want)
}

function sameAddress(a: Ipv6Addressing, b: Ipv6Addressing): boolean {
  return a.address === b.address && a.prefix === b.prefix && a.gateway === b.gateway
}

/** The first address becomes this one, further ones stay; there is one gateway, where the profile writes it. */
function setStatic(document: IniDocument, setting: Setting, want: Ipv6Addressing): IniDocument {
  const apart = valueIn(document, setting, 'gateway') !== undefined
  const inRoute = !apart && isRouted(document, setting)
  let next = setValue(document, setting, 'method', 'manual')
  if (inRoute) next = setDefaultRoute(next, setting, want.gateway)
  if (!apart || want.gateway === undefined)
    for (const line of addressLines(next, setting).slice(1)) {
      const { address, prefix } = line
      next = writeAddress(next, line, { address, prefix })
    }
  const embedded = apart || inRoute || want.gateway === undefined ? {} : { gateway: want.gateway }
  const wanted = { address: want.address, prefix: want.prefix, ...embedded }
  const [first] = addressLines(next, setting)
  const text = `${want.address}/${want.prefix}${embedded.gateway === undefined ? '' : `,${embedded.gateway}`}`
  next = first
    ? writeAddress(next, first, wanted)
    : setValue(removeAddresses(next, setting), setting, 'address1', text, ['method'])
  next = setValue(next, setting, 'gateway', apart ? want.gateway : undefined)
  const never = isTrue(valueIn(next, setting, 'never-default')) && want.gateway !== undefined
  return never ? setValue(next, setting, 'never-default', undefined) : next
}

/** True if the gateway stands in a default route and beside no address. */
function isRouted(document: IniDocument, setting: Setting): boolean {
  const embedded = addressLines(document, setting).some(({ gateway }) => gateway !== undefined)
  return !embedded && defaultRoutes(document, setting).length > 0
}

/** Name servers go to the group of their family; search domains to the first that is not switched off. */
function editDns(document: IniDocument, want: NicAddressing): IniDocument {
  let next = document
  const now = addressingOf(document)
  if (want.dns && !sameList(want.dns, now.dns ?? [])) {
    for (const [setting, six] of [
      [IPV4, false],
      [IPV6, true],
    ] as const) {
      const list = isActive(next, setting) ? want.dns.filter((one) => isIPv6(one) === six) : []
      if (list.length > 0 || listOf(next, setting, 'dns').length > 0)
        next = setList(next, setting, 'dns', list, ADDRESS)
    }
    if (want.dns.length > 0 && methodOf(next, IPV4) === 'auto')
      next = setValue(next, IPV4, 'ignore-auto-dns', 'true', [...ADDRESS, 'dns'])
  }
  if (want.search && !sameList(want.search, now.search ?? [])) {
    const home = isActive(next, IPV4) ? IPV4 : IPV6
    for (const setting of [IPV4, IPV6]) {
      const routing = listOf(next, setting, 'dns-search').filter((one) => one.startsWith('~'))
      const list = [...(setting === home ? want.search : []), ...routing]
      if (list.length > 0 || listOf(next, setting, 'dns-search').length > 0)
        next = setList(next, setting, 'dns-search', list, [...ADDRESS, 'dns'])
    }
  }
  return next
}

function isActive(document: IniDocument, setting: Setting): boolean {
  return ['auto', 'manual', 'dhcp'].includes(methodOf(document, setting) ?? '')
}
