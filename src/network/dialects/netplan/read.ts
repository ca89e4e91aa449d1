import { parseCidr } from '../../ipv4.ts'
import { canonicalIpv6, isLinkLocal6, parseCidr6 } from '../../ipv6.ts'
import type { Ipv4Addressing, Ipv6Addressing, NicAddressing } from '../../model.ts'
import { type Definition, type Item, itemsOf, passedThrough, scalarOf, textsOf } from './definitions.ts'
import { defaultFamily, entryText, isTrue, viaOf } from './values.ts'

/** Static addresses of a family, in netplan's order; link-local IPv6 ones are nobody's identity. */
export function addressItems(definition: Definition, family: 4 | 6): Item[] {
  return itemsOf(definition, 'addresses').filter(({ value }) => {
    if (family === 4) return parseCidr(entryText(value)) !== undefined
    const cidr = parseCidr6(entryText(value))
    return cidr !== undefined && !isLinkLocal6(cidr.address)
  })
}

/** Default routes of a family in the main table. */
export function defaultRoutes(definition: Definition, family: 4 | 6): Item[] {
  return itemsOf(definition, 'routes').filter(({ value }) => defaultFamily(value) === family)
}

/** The gateway in force: a default route's, else `gateway4`, else what NetworkManager was given beside an address. */
export function gatewayOf(definition: Definition, family: 4 | 6): string | undefined {
  const [route] = defaultRoutes(definition, family).map(({ value }) => viaOf(value))
  const passed = passedThrough(definition)
  return (
    route ??
    scalarOf(definition, `gateway${family}`) ??
    passed.get(`ipv${family}.gateway`) ??
    /,(\S+)/.exec(passed.get(`ipv${family}.address1`) ?? '')?.[1]
  )
}

export function ipv4Of(definition: Definition): Ipv4Addressing | undefined {
  if (isTrue(scalarOf(definition, 'dhcp4'))) return { method: 'dhcp' }
  const [first] = addressItems(definition, 4)
  const cidr = first && parseCidr(entryText(first.value))
  if (!cidr) return undefined
  const gateway = gatewayOf(definition, 4)
  return { method: 'static', ...cidr, ...(gateway === undefined ? {} : { gateway }) }
}

export function ipv6Of(definition: Definition): Ipv6Addressing | undefined {
  const [first] = addressItems(definition, 6)
  const cidr = first && parseCidr6(entryText(first.value))
  if (!cidr) return undefined
  const gateway = gatewayOf(definition, 6)
  return { ...cidr, ...(gateway === undefined ? {} : { gateway: canonicalIpv6(gateway) ?? gateway }) }
}

/** What is in force for an interface. */
export function addressingOf(definition: Definition): NicAddressing {
  const ipv4 = ipv4Of(definition)
  const ipv6 = ipv6Of(definition)
  const dns = textsOf(definition, 'nameservers', 'addresses')
  const search = textsOf(definition, 'nameservers', 'search')
  return {
    ...(ipv4 ? { ipv4 } : {}),
    ...(ipv6 ? { ipv6 } : {}),
    ...(dns.length > 0 ? { dns } : {}),
    ...(search.length > 0 ? { search } : {}),
  }
}

/** True if the default route goes by this interface. */
export function hasDefaultRoute(definition: Definition): boolean {
  const overridden = scalarOf(definition, 'dhcp4-overrides', 'use-routes')
  const leased = isTrue(scalarOf(definition, 'dhcp4')) && (overridden === undefined || isTrue(overridden))
  return leased || defaultRoutes(definition, 4).length > 0 || gatewayOf(definition, 4) !== undefined
}
