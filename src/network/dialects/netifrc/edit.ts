import { type ShellDocument, shellValue } from '../../../formats/shell-assignments.ts'
import { removeShellKeys, setShellValue } from '../../../formats/shell-assignments-edit.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { ProfileEdit } from '../../dialect.ts'
import { overridesMac } from '../../ethernet.ts'
import { parseCidr6 } from '../../ipv6.ts'
import type { Ipv4Addressing, Ipv6Addressing, NicAddressing } from '../../model.ts'
import { sameIpv4, sameIpv6 } from '../../same-addressing.ts'
import { extraAddress, keptIpv6, oldValueLeft, staleAddress } from '../../stale.ts'
import { addressingSummary } from '../../summary.ts'
import { textChange } from '../../text-change.ts'
import { refuseShellLogic } from '../shell-logic.ts'
import { CONF, ipv4Of, ipv6Of, readConf } from './profiles.ts'
import { cidrOf, entriesOf, gatewayIn, setEntries, variableOf, withAddress } from './values.ts'

const MADE = { labelLike: '/etc/hosts', labelType: 'etc_t' }
const DHCP = /^(dhcp|dhclient|dhcpcd|udhcpc)$/

/** The changes that give an interface its variables. Throws NETWORK_UNSUPPORTED for shell logic that touches them. */
export function editProfile(tree: GuestTree, edit: ProfileEdit): { changes: Change[]; notices: Notice[] } {
  const { profile, addressing: want, mac, operation } = edit
  const { name } = profile
  const before = readConf(tree)
  const asked = Object.values(want).some((part) => part !== undefined)
  if (asked) refuseShellLogic(CONF, before, { keys: ownKeys(name), crlf: 'the shell takes', hooks: true })
  const own = variableOf('mac', name)
  const free = overridesMac(shellValue(before, own), mac) ? removeShellKeys(before, [own]) : before
  const ipv4 = want.ipv4 ? editIpv4(free, name, want.ipv4) : free
  const toDhcp = want.ipv4?.method === 'dhcp' && ipv4Of(free, name)?.method === 'static'
  const named = editNames(ipv4, name, want.dns ?? (toDhcp ? [] : undefined), want.search)
  const next = want.ipv6 ? editIpv6(named, name, want.ipv6) : named
  const purpose = { operation, summary: addressingSummary(name, want) }
  return {
    changes: textChange(tree, CONF, next.text, purpose, MADE),
    notices: asked ? leftovers(before, name, want) : [],
  }
}

function ownKeys(name: string): RegExp {
  const suffix = variableOf('', name)
  return new RegExp(
    `^((config|routes|dns_servers|dns_search|dns_domain|mac)${suffix}|dns_servers|dns_search|dns_domain)$`,
  )
}

function editIpv4(document: ShellDocument, name: string, want: Ipv4Addressing): ShellDocument {
  const now = ipv4Of(document, name)
  if (sameIpv4(now, want)) return document
  const [config, routes] = [variableOf('config', name), variableOf('routes', name)]
  const entries = entriesOf(document, config) ?? []
  const first = entries.findIndex((entry) => cidrOf(entry) !== undefined)
  const ways = (entriesOf(document, routes) ?? []).filter((entry) => !/^\d/.test(gatewayIn(entry) ?? ''))
  if (want.method === 'dhcp') {
    const kept = entries.filter((entry) => !cidrOf(entry) && !/^(null|noop)$/.test(entry))
    return setEntries(setEntries(document, config, ['dhcp', ...kept], []), routes, ways, [config])
  }
  const old = cidrOf(entries[first] ?? '')
  const same = old?.address === want.address && old.prefix === want.prefix
  const address = same ? (entries[first] as string) : withAddress(entries[first], want)
  const rest = entries.filter((entry, i) => i !== first && !DHCP.test(entry) && !/^(null|noop)$/.test(entry))
  const addressed = setEntries(document, config, [address, ...rest], [])
  const all = entriesOf(document, routes) ?? []
  const place = all.findIndex((entry) => /^\d/.test(gatewayIn(entry) ?? ''))
  if (want.gateway === undefined) return setEntries(addressed, routes, ways, [config])
  const next =
    place < 0
      ? [`default via ${want.gateway}`, ...ways]
      : all.flatMap((entry, i) => {
          if (i === place) return [entry.replace(gatewayIn(entry) as string, want.gateway as string)]
          return ways.includes(entry) ? [entry] : []
        })
  return setEntries(addressed, routes, next, [config])
}

function editIpv6(document: ShellDocument, name: string, want: Ipv6Addressing): ShellDocument {
  if (sameIpv6(ipv6Of(document, name), want)) return document
  const [config, routes] = [variableOf('config', name), variableOf('routes', name)]
  const entries = entriesOf(document, config) ?? ['dhcp']
  const six = (entry: string) => parseCidr6(entry.split(/\s+/)[0] ?? '') !== undefined
  const first = entries.findIndex(six)
  const text = `${want.address}/${want.prefix}`
  const next = first < 0 ? [...entries, text] : entries.map((entry, i) => (i === first ? text : entry))
  const ways = (entriesOf(document, routes) ?? []).filter((entry) => !gatewayIn(entry)?.includes(':'))
  const added = want.gateway === undefined ? [] : [`default via ${want.gateway}`]
  return setEntries(setEntries(document, config, next, []), routes, [...ways, ...added], [config])
}

/** The interface's own variables go before those for all. */
function editNames(
  document: ShellDocument,
  name: string,
  dns: readonly string[] | undefined,
  search: readonly string[] | undefined,
): ShellDocument {
  let next = document
  const put = (key: string, list: readonly string[] | undefined) => {
    const own = variableOf(key, name)
    const now = shellValue(next, own) ?? shellValue(next, key)
    if (!list || (now ?? '').split(/\s+/).filter(Boolean).join(' ') === list.join(' ')) return
    if (list.length === 0) next = removeShellKeys(next, [own])
    else
      next =
        shellValue(next, own) === undefined
          ? setEntries(
              next,
              own,
              [list.join(' ')],
              ['dns_servers', 'routes', 'config'].map((one) => variableOf(one, name)),
            )
          : setShellValue(next, own, list.join(' '))
  }
  put('dns_servers', dns)
  put('dns_search', search)
  return next
}

function leftovers(document: ShellDocument, name: string, { ipv4, ipv6 }: NicAddressing): Notice[] {
  if (!ipv4) return []
  const now = ipv4Of(document, name)
  const old = now?.method === 'static' ? now : undefined
  const cidrs = (entriesOf(document, variableOf('config', name)) ?? []).filter((entry) => cidrOf(entry))
  const further = ipv4.method === 'static' && old ? cidrs.slice(1) : []
  const own6 = ipv6Of(document, name)
  const mine = ownKeys(name)
  const lines = document.text.split('\n').flatMap((text, i) => {
    const written = document.assignments.some(({ key, start, end }) => {
      const [from, to] = [lineOf(start), lineOf(end)]
      return mine.test(key) && !key.startsWith('routes') && from <= i && i <= to
    })
    const gateway = gatewayIn(
      text
        .replace(/^[^"']*["']?/, '')
        .replace(/["')].*$/, '')
        .trim(),
    )
    if (written || /^\s*#/.test(text) || gateway !== undefined) return []
    const stale = staleAddress(text, old, ipv4)
    return stale === undefined ? [] : [oldValueLeft(`${CONF}:${i + 1}`, stale)]
  })
  return [
    ...further.map((entry) => extraAddress(CONF, name, entry)),
    ...(own6 && !ipv6 ? [keptIpv6(CONF, name, own6)] : []),
    ...lines,
  ]

  function lineOf(offset: number): number {
    return document.text.slice(0, offset).split('\n').length - 1
  }
}
