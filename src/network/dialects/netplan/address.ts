import type { Ipv4Addressing, Ipv6Addressing } from '../../model.ts'
import { sameIpv4 } from '../../same-addressing.ts'
import { itemsOf, partsWith, rendererOf, scalarOf } from './definitions.ts'
import type { Draft } from './draft.ts'
import { mainPart } from './profiles.ts'
import { addressItems, ipv4Of, ipv6Of } from './read.ts'
import { dropPassed, fromBehind, setGateway } from './routes.ts'
import { entryText, familyOf, isTrue, sayAs } from './values.ts'
import type { RouteStyle } from './version.ts'

const SWITCHES = ['renderer', 'match', 'set-name', 'dhcp4', 'dhcp6']

/** Gives an interface its IPv4 addressing; nothing if it has it. */
export function editIpv4(draft: Draft, key: string, want: Ipv4Addressing, style: RouteStyle): void {
  const now = ipv4Of(draft.find(key))
  if (now && sameIpv4(now, want)) return
  if (want.method === 'dhcp') {
    setSwitch(draft, key, 'dhcp4', true)
    const [primary] = addressItems(draft.find(key), 4)
    if (primary && now?.method === 'static') removeEntries(draft, key, entryText(primary.value))
    setGateway(draft, key, 4, undefined, style)
    dropServers(draft, key)
  } else {
    if (now?.method === 'dhcp' && waitsForDhcp6(draft, key)) setSwitch(draft, key, 'dhcp6', false)
    setSwitch(draft, key, 'dhcp4', false)
    setAddress(draft, key, 4, `${want.address}/${want.prefix}`, now?.method === 'static')
    setGateway(draft, key, 4, want.gateway, style)
  }
  dropPassed(draft, key, /^ipv4\.(method|gateway|address(es)?\d*)$/)
}

/** Gives an interface a static IPv6 address; nothing if it has it. Router advertisements stay as they are. */
export function editIpv6(draft: Draft, key: string, want: Ipv6Addressing, style: RouteStyle): void {
  const now = ipv6Of(draft.find(key))
  if (now?.address === want.address && now.prefix === want.prefix && now.gateway === want.gateway) return
  setSwitch(draft, key, 'dhcp6', false)
  setAddress(draft, key, 6, `${want.address}/${want.prefix}`, now !== undefined)
  setGateway(draft, key, 6, want.gateway, style)
  dropPassed(draft, key, /^ipv6\.(method|gateway|address(es)?\d*)$/)
}

/**
 * True where systemd-networkd asks a DHCPv6 server that no router told of. Beside DHCPv4 one answer is enough; left alone
 * it keeps systemd-networkd-wait-online from its end where no server is. Router advertisements start DHCPv6 all the same.
 */
function waitsForDhcp6(draft: Draft, key: string): boolean {
  const definition = draft.find(key)
  return isTrue(scalarOf(definition, 'dhcp6')) && rendererOf(draft.files(), definition) === 'networkd'
}

/** Turns DHCP on or off in every file that speaks of it. */
function setSwitch(draft: Draft, key: string, name: string, on: boolean): void {
  const definition = draft.find(key)
  const parts = partsWith(definition, [name])
  for (const part of parts) {
    const old = part.value.get(name)
    const text = typeof old === 'string' ? old : ''
    if (isTrue(text) !== on) draft.set(part, [name], sayAs(on, text))
  }
  if (parts.length === 0 && on) draft.set(mainPart(definition), [name], 'true', [...SWITCHES, 'addresses'])
}

/** Puts an address in the place of the first of its family, or in front of those that stay. */
function setAddress(draft: Draft, key: string, family: 4 | 6, text: string, replace: boolean): void {
  const definition = draft.find(key)
  const [first] = addressItems(definition, family)
  if (first && replace) {
    const old = entryText(first.value)
    const twins = itemsOf(definition, 'addresses').filter(
      (one) => fromBehind(one, first) !== 0 && entryText(one.value) === old,
    )
    draft.setEntry(first, text)
    for (const twin of twins.sort(fromBehind)) draft.remove(twin.part, ['addresses', twin.index])
    return
  }
  const last = itemsOf(definition, 'addresses').at(-1)
  if (first) draft.insert(first.part, ['addresses'], first.index, text)
  else if (last) draft.insert(last.part, ['addresses'], last.index + 1, text)
  else draft.set(mainPart(definition), ['addresses'], [text], SWITCHES)
}

function removeEntries(draft: Draft, key: string, text: string): void {
  const items = itemsOf(draft.find(key), 'addresses').filter(({ value }) => entryText(value) === text)
  for (const item of items.sort(fromBehind)) draft.remove(item.part, ['addresses', item.index])
}

/** A DHCP server gives name servers of its own; with them go the search domains that stood beside. */
function dropServers(draft: Draft, key: string): void {
  const keys = ['nameservers', 'addresses']
  const items = itemsOf(draft.find(key), ...keys).filter(({ value }) => familyOf(entryText(value)) === 4)
  for (const item of items.sort(fromBehind)) draft.remove(item.part, [...keys, item.index])
  if (itemsOf(draft.find(key), ...keys).length > 0) return
  for (const part of partsWith(draft.find(key), ['nameservers'])) draft.remove(part, ['nameservers'])
}
