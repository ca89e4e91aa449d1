import type { Ipv4Addressing, Ipv6Addressing, NicAddressing } from '../../model.ts'
import { sameList } from '../../resolv-conf.ts'
import type { Draft } from './draft.ts'
import { wordsOf } from './files.ts'
import { addressEntries, dhcpOf, gatewayEntries, ipv4Of, ipv6Of, located, resolverOf } from './read.ts'

/** Gives the files their addressing; what is not asked for, and what is so already, keeps its bytes. */
export function editAddressing(draft: Draft, want: NicAddressing, resolved: boolean): void {
  if (want.ipv4?.method === 'dhcp') setDhcp(draft)
  else if (want.ipv4) setStatic4(draft, want.ipv4)
  if (want.ipv6) setStatic6(draft, want.ipv6)
  editDns(draft, want, resolved)
}

function setStatic4(draft: Draft, want: Extract<Ipv4Addressing, { method: 'static' }>): void {
  const now = ipv4Of(draft.unit)
  if (now?.method === 'static' && sameAddress(now, want)) return
  const { v4, v6 } = dhcpOf(draft.unit)
  if (v4) draft.set('Network', 'DHCP', v6 && startsDhcp6(draft) ? 'ipv6' : 'no')
  setAddress(draft, want, false)
}

/**
 * True if DHCPv6 starts here without being told to by a router. Elsewhere router advertisements start it whatever DHCP=
 * says, and with DHCP=ipv6 a network without them would keep systemd-networkd-wait-online from its end.
 */
function startsDhcp6({ unit }: Draft): boolean {
  return wordsOf(unit, 'DHCPv6', 'WithoutRA').some((word) => word !== 'no')
}

function setStatic6(draft: Draft, want: Ipv6Addressing): void {
  const now = ipv6Of(draft.unit)
  if (!now || !sameAddress(now, want)) setAddress(draft, want, true)
}

/** The first address of the family becomes this one, further ones stay; one default route stays. */
function setAddress(draft: Draft, want: Ipv6Addressing, six: boolean): void {
  const text = `${want.address}/${want.prefix}`
  const [first] = addressEntries(draft.unit, six)
  if (!first) draft.add('Network', ['Address', text], ['DHCP', 'Address'])
  else if (first.address !== want.address || first.prefix !== want.prefix) {
    draft.replace(first, text)
    // What was worked out from the old address, or goes to another end, does not fit this one.
    const stale = located(draft.unit).filter(
      ({ file, entry }) =>
        first.entry.section === 'Address' &&
        file === first.file &&
        entry.ordinal === first.entry.ordinal &&
        (entry.key === 'Broadcast' || entry.key === 'Peer'),
    )
    for (const one of stale.reverse()) draft.removeEntry(one)
  }
  const [gateway, ...others] = gatewayEntries(draft.unit, six)
  for (const one of others.reverse()) draft.replace(one, undefined)
  if (gateway && gateway.gateway !== want.gateway) draft.replace(gateway, want.gateway)
  else if (!gateway && want.gateway !== undefined)
    draft.add('Network', ['Gateway', want.gateway], ['DHCP', 'Address', 'Gateway'])
}

function setDhcp(draft: Draft): void {
  const { v4, v6 } = dhcpOf(draft.unit)
  if (v4 && addressEntries(draft.unit, false).length === 0) return
  if (!v4) draft.set('Network', 'DHCP', v6 ? 'yes' : 'ipv4')
  for (const one of gatewayEntries(draft.unit, false).reverse()) draft.replace(one, undefined)
  for (const one of addressEntries(draft.unit, false).reverse()) draft.replace(one, undefined)
  const { dns } = resolverOf(draft.unit)
  const six = dns.filter((one) => one.includes(':') && !/^\d+\.\d+\.\d+\.\d+/.test(one))
  if (!sameList(dns, six)) setServers(draft, six)
}

function editDns(draft: Draft, want: NicAddressing, resolved: boolean): void {
  const now = resolverOf(draft.unit)
  if (want.dns && !sameList(want.dns, now.dns) && (resolved || now.dns.length > 0))
    setServers(draft, want.dns)
  if (!want.search || sameList(want.search, now.search) || !(resolved || now.search.length > 0)) return
  const routing = wordsOf(draft.unit, 'Network', 'Domains').filter((one) => one.startsWith('~'))
  const domains = [...want.search, ...routing]
  const line = domains.length === 0 ? [] : [domains.join(' ')]
  draft.setList('Network', 'Domains', line, ['DHCP', 'Address', 'Gateway', 'DNS'])
}

/** One line each, or all in one where the files do so. */
function setServers(draft: Draft, servers: readonly string[]): void {
  const joined = located(draft.unit).some(
    ({ entry }) => entry.section === 'Network' && entry.key === 'DNS' && /\s/.test(entry.value),
  )
  const lines = joined && servers.length > 0 ? [servers.join(' ')] : servers
  draft.setList('Network', 'DNS', lines, ['DHCP', 'Address', 'Gateway'])
}

function sameAddress(a: Ipv6Addressing, b: Ipv6Addressing): boolean {
  return a.address === b.address && a.prefix === b.prefix && a.gateway === b.gateway
}
