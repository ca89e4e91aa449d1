import type { ShellDocument } from '../../../formats/shell-assignments.ts'
import { removeShellKeys, setShellValue } from '../../../formats/shell-assignments-edit.ts'
import { type Cidr, formatNetmask } from '../../ipv4.ts'
import type { Ipv4Addressing, Ipv6Addressing } from '../../model.ts'
import { sameIpv4 } from '../../same-addressing.ts'
import { ifcfgValue, isNo, isYes } from './files.ts'
import type { ActiveFile } from './profiles.ts'
import {
  addressesOf,
  gatewayKeys,
  type Index,
  indicesOf,
  ipv4Of,
  ipv6Of,
  isDhcp,
  sharedGateway,
} from './read.ts'

/** A profile's file and the one that all share, as they are to be. */
export interface Pair {
  readonly file: ActiveFile
  readonly global: ShellDocument
}

/** How prefixes are written where a file shows none. */
export type MaskStyle = 'PREFIX' | 'NETMASK'

const STATIC = /^(IPADDR|PREFIX|NETMASK|GATEWAY|NETWORK|BROADCAST)\d*$/

/** Gives a file its IPv4 addressing; nothing if it has it. */
export function editIpv4(pair: Pair, want: Ipv4Addressing, style: MaskStyle): Pair {
  const { file, global } = pair
  const now = ipv4Of(file, file.reader, global)
  if (sameIpv4(now, want) && !(want.method === 'dhcp' && keysLike(file, STATIC).length > 0)) return pair
  if (want.method === 'dhcp') {
    const freed = remove(dropShared(pair, now?.method === 'static' ? now : undefined), keysLike(file, STATIC))
    return isDhcp(file, file.reader) ? freed : set(freed, 'BOOTPROTO', 'dhcp', ['DEVICE', 'TYPE'])
  }
  const [old] = addressesOf(file)
  const same = old?.address === want.address && old.prefix === want.prefix
  const method = remove(setMethod(pair), ['DHCP_CLIENT_ID'])
  const addressed = same ? method : setAddress(method, want, style)
  return setGateway(addressed, want, now?.method === 'static' ? now : undefined)
}

function setMethod(pair: Pair): Pair {
  const { file } = pair
  const protocol = ifcfgValue(file, 'BOOTPROTO')
  if (protocol !== undefined && /^(none|static)$/i.test(protocol)) return pair
  return set(pair, 'BOOTPROTO', 'none', ['DEVICE', 'TYPE'])
}

/** A stale NETWORK= makes the scripts drop the gateway without a word, and BROADCAST= is used as it is: both go. */
function setAddress(pair: Pair, want: Cidr, fallback: MaskStyle): Pair {
  const index = indicesOf(pair.file)[0] ?? ''
  const [address, prefix, netmask] = ['IPADDR', 'PREFIX', 'NETMASK'].map((key) => key + index) as [
    string,
    string,
    string,
  ]
  const shown = ([prefix, netmask] as const).find((key) => ifcfgValue(pair.file, key) !== undefined)
  const mask = shown ?? fallback + index
  const addressed = set(pair, address, want.address, ['BOOTPROTO'])
  const masked = set(addressed, mask, mask === netmask ? formatNetmask(want.prefix) : String(want.prefix), [
    address,
  ])
  return remove(masked, [mask === prefix ? netmask : prefix, ...stale(index)])
}

function stale(index: Index): string[] {
  return ['NETWORK', 'BROADCAST'].flatMap((key) => [...new Set([key, key + index])])
}

function setGateway(pair: Pair, want: Cidr & { gateway?: string }, old: Cidr | undefined): Pair {
  const { file, global } = pair
  const keys = gatewayKeys(file)
  if (want.gateway === undefined) return remove(dropShared(pair, old), keys)
  const routed = isNo(ifcfgValue(file, 'DEFROUTE')) ? set(pair, 'DEFROUTE', 'yes') : pair
  const [key, ...others] = keys
  if (key === undefined) {
    if (sharedGateway(want, file, global) === want.gateway) return routed
    if (old && sharedGateway(old, file, global) !== undefined)
      return { ...routed, global: setShellValue(global, 'GATEWAY', want.gateway) }
  }
  const index = indicesOf(routed.file)[0] ?? ''
  const after = [`IPADDR${index}`, `PREFIX${index}`, `NETMASK${index}`]
  return remove(set(routed, key ?? 'GATEWAY', want.gateway, after), others)
}

/** Takes the shared gateway out, if this static address used it. */
function dropShared(pair: Pair, old: Cidr | undefined): Pair {
  const { file, global } = pair
  if (!old || sharedGateway(old, file, global) === undefined) return pair
  return { ...pair, global: removeShellKeys(global, ['GATEWAY']) }
}

/** Gives a file a static IPv6 address; nothing if it has it. */
export function editIpv6(pair: Pair, want: Ipv6Addressing): Pair {
  const now = ipv6Of(pair.file, pair.global)
  if (now?.address === want.address && now.prefix === want.prefix && now.gateway === want.gateway) return pair
  const on = isYes(ifcfgValue(pair.file, 'IPV6INIT')) ? pair : set(pair, 'IPV6INIT', 'yes')
  const own = isNo(ifcfgValue(on.file, 'IPV6_AUTOCONF')) ? on : set(on, 'IPV6_AUTOCONF', 'no', ['IPV6INIT'])
  const bare = remove(own, ['DHCPV6C', 'DHCPV6C_OPTIONS'])
  const addressed = set(bare, 'IPV6ADDR', `${want.address}/${want.prefix}`, ['IPV6INIT', 'IPV6_AUTOCONF'])
  if (want.gateway !== undefined) return set(addressed, 'IPV6_DEFAULTGW', want.gateway, ['IPV6ADDR'])
  return remove(addressed, ['IPV6_DEFAULTGW'])
}

/** Name servers and search domains; an empty list takes them out. */
export function editNames(
  pair: Pair,
  dns: readonly string[] | undefined,
  search: readonly string[] | undefined,
): Pair {
  let next = pair
  if (dns) {
    const gone = keysLike(pair.file, /^DNS\d+$/).filter(
      (key) => Number(key.slice(3)) > dns.length || key === 'DNS0',
    )
    next = remove(next, gone)
    dns.forEach((server, i) => {
      const after =
        i === 0
          ? [
              'IPADDR',
              'IPADDR0',
              'PREFIX',
              'PREFIX0',
              'NETMASK',
              'NETMASK0',
              'GATEWAY',
              'GATEWAY0',
              'BOOTPROTO',
            ]
          : [`DNS${i}`]
      next = set(next, `DNS${i + 1}`, server, after)
    })
  }
  if (search?.length === 0) next = remove(next, ['DOMAIN'])
  else if (search) next = set(next, 'DOMAIN', search.join(' '), [...keysLike(next.file, /^DNS\d+$/)])
  return next
}

/** Keys of a file that match. */
export function keysLike({ document }: { document: ShellDocument }, pattern: RegExp): string[] {
  return [...new Set(document.assignments.map(({ key }) => key).filter((key) => pattern.test(key)))]
}

export function set(pair: Pair, key: string, value: string, after: readonly string[] = []): Pair {
  return { ...pair, file: { ...pair.file, document: setShellValue(pair.file.document, key, value, after) } }
}

export function remove(pair: Pair, keys: readonly string[]): Pair {
  return { ...pair, file: { ...pair.file, document: removeShellKeys(pair.file.document, keys) } }
}
