import type { IniDocument } from '../../../formats/ini-document.ts'
import type { Ipv4Addressing, Ipv6Addressing, NicAddressing } from '../../model.ts'
import { addressLines } from './addresses.ts'
import { IPV4, IPV6, isTrue, listOf, type Setting, valueIn } from './document.ts'
import { defaultRoutes } from './routes.ts'

/** "auto", "manual", "disabled", …; a profile without the group is automatic; one without the key is invalid. */
export function methodOf(document: IniDocument, setting: Setting): string | undefined {
  const group = document.lines.some(({ kind, name }) => kind === 'section' && setting.includes(name))
  return group ? valueIn(document, setting, 'method') : 'auto'
}

/** The gateway in force: that of `gateway=`, else the first address's that has one, else a default route's; none with never-default. */
export function gatewayOf(document: IniDocument, setting: Setting): string | undefined {
  const lines = addressLines(document, setting)
  if (lines.length === 0 || isTrue(valueIn(document, setting, 'never-default'))) return undefined
  const own = valueIn(document, setting, 'gateway')
  const embedded = lines.find((line) => line.gateway !== undefined)?.gateway
  return own || (embedded ?? defaultRoutes(document, setting)[0]?.via)
}

export function ipv4Of(document: IniDocument): Ipv4Addressing | undefined {
  const method = methodOf(document, IPV4)
  if (method === 'auto') return { method: 'dhcp' }
  const address = method === 'manual' ? staticOf(document, IPV4) : undefined
  return address && { method: 'static', ...address }
}

export function ipv6Of(document: IniDocument): Ipv6Addressing | undefined {
  return methodOf(document, IPV6) === 'manual' ? staticOf(document, IPV6) : undefined
}

function staticOf(document: IniDocument, setting: Setting): Ipv6Addressing | undefined {
  const [first] = addressLines(document, setting)
  const gateway = gatewayOf(document, setting)
  if (!first) return undefined
  return { address: first.address, prefix: first.prefix, ...(gateway === undefined ? {} : { gateway }) }
}

/** What a profile says now. */
export function addressingOf(document: IniDocument): NicAddressing {
  const ipv4 = ipv4Of(document)
  const ipv6 = ipv6Of(document)
  const both = (key: string) => [...new Set([IPV4, IPV6].flatMap((one) => listOf(document, one, key)))]
  const dns = both('dns')
  const search = both('dns-search').filter((one) => !one.startsWith('~'))
  return {
    ...(ipv4 ? { ipv4 } : {}),
    ...(ipv6 ? { ipv6 } : {}),
    ...(dns.length > 0 ? { dns } : {}),
    ...(search.length > 0 ? { search } : {}),
  }
}

/** True if an IPv4 default route comes by it. */
export function hasDefaultRoute(document: IniDocument): boolean {
  if (methodOf(document, IPV4) === 'auto') return !isTrue(valueIn(document, IPV4, 'never-default'))
  return gatewayOf(document, IPV4) !== undefined
}
