import { parseShell, type ShellDocument, shellValue } from '../../../formats/shell-assignments.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import { canonicalMac, isEthernetName } from '../../ethernet.ts'
import { type Cidr, inSubnet, parseCidr, parseIpv4, parseNetmask } from '../../ipv4.ts'
import { canonicalIpv6, parseCidr6 } from '../../ipv6.ts'
import type { Ipv4Addressing, Ipv6Addressing, Profile } from '../../model.ts'
import { namePins } from '../../name-pins.ts'
import { RESOLV_CONF, readResolvConf } from '../../resolv-conf.ts'

export const NAME = 'rc.inet1'
export const CONF = '/etc/rc.d/rc.inet1.conf'

export function readConf(tree: GuestTree): ShellDocument {
  return parseShell(tree.text(CONF) ?? '', CONF)
}

/** A value of one interface that is there and not empty. */
export function valueAt(document: ShellDocument, key: string, index: number): string | undefined {
  return shellValue(document, `${key}[${index}]`) || undefined
}

/** Interfaces that are configured; the first one where none is. */
export function readProfiles(tree: GuestTree): Profile[] {
  const document = readConf(tree)
  const numbers = document.assignments.flatMap(({ key }) => /^[A-Z]\w*\[(\d+)\]$/.exec(key)?.[1] ?? [])
  const all = [...new Set(numbers.map(Number))].sort((a, b) => a - b)
  const set = all.filter(
    (index) =>
      isDhcp(document, index) ||
      words(document, 'IPADDRS', index).length > 0 ||
      valueAt(document, 'IPADDR', index) ||
      words(document, 'IP6ADDRS', index).length > 0,
  )
  const alone = set.length < 2
  const profiles = (set.length > 0 ? set : all.slice(0, 1)).map((index) =>
    readProfile(tree, document, index, alone),
  )
  const carrying = profiles.filter(({ interfaceName = '' }) => isEthernetName(interfaceName))
  const plain = carrying.filter(({ interfaceName = '' }) => !/\.\d+$/.test(interfaceName))
  return plain.length > 0 ? plain : carrying
}

function readProfile(tree: GuestTree, document: ShellDocument, index: number, alone: boolean): Profile {
  const device = valueAt(document, 'IFNAME', index) ?? `eth${index}`
  const [ipv4, ipv6] = [ipv4Of(document, index, alone), ipv6Of(document, index)]
  const ports = ['BRNICS', 'BONDNICS'].flatMap((key) => words(document, key, index))
  const base = /^(.+)\.\d+$/.exec(device)?.[1]
  const below = [...ports, ...(base === undefined ? [] : [base])]
  const pins = namePins(tree)
  const pinned = [device, ...(below.length === 1 ? below : [])]
    .map((one) => pins.get(one))
    .find((one) => one !== undefined)
  const mac = pinned ?? canonicalMac(valueAt(document, 'HWADDR', index))
  const file = ipv4?.method === 'static' ? readResolvConf(tree.text(RESOLV_CONF) ?? '') : undefined
  return {
    dialect: NAME,
    name: device,
    interfaceName: device,
    file: CONF,
    at: index,
    ...(mac === undefined ? {} : { mac }),
    ...(below.length === 0 ? {} : { ports: below }),
    now: {
      ...(ipv4 ? { ipv4 } : {}),
      ...(ipv6 ? { ipv6 } : {}),
      ...(file && file.nameservers.length > 0 ? { dns: file.nameservers } : {}),
      ...(file && file.search.length > 0 ? { search: file.search } : {}),
    },
    defaultRoute: ipv4?.method === 'dhcp' || ipv4?.gateway !== undefined,
  }
}

export function isDhcp(document: ShellDocument, index: number): boolean {
  return valueAt(document, 'USE_DHCP', index) === 'yes'
}

export function words(document: ShellDocument, key: string, index: number): string[] {
  return (valueAt(document, key, index) ?? '').split(/\s+/).filter(Boolean)
}

/** IPADDR with NETMASK goes first; IPADDRS is of Slackware 15. */
export function addressesOf(document: ShellDocument, index: number): Cidr[] {
  const address = valueAt(document, 'IPADDR', index)
  const prefix = parseNetmask(valueAt(document, 'NETMASK', index) ?? '')
  const old =
    address !== undefined && parseIpv4(address) !== undefined && prefix !== undefined
      ? [{ address, prefix }]
      : []
  return [...old, ...words(document, 'IPADDRS', index).flatMap((one) => parseCidr(one) ?? [])]
}

export function ipv4Of(document: ShellDocument, index: number, alone: boolean): Ipv4Addressing | undefined {
  if (isDhcp(document, index)) return { method: 'dhcp' }
  const [first] = addressesOf(document, index)
  const gateway = first && ownGateway(document, [first], alone)
  return first && { method: 'static', ...first, ...(gateway === undefined ? {} : { gateway }) }
}

/** The one gateway of all interfaces, if it is reached by one of these subnets, or no other interface can have it. */
export function ownGateway(
  document: ShellDocument,
  subnets: readonly Cidr[],
  alone: boolean,
): string | undefined {
  const gateway = shellValue(document, 'GATEWAY') ?? ''
  if (parseIpv4(gateway) === undefined) return undefined
  return alone || subnets.some((subnet) => inSubnet(gateway, subnet)) ? gateway : undefined
}

export function ipv6Of(document: ShellDocument, index: number): Ipv6Addressing | undefined {
  const [first] = words(document, 'IP6ADDRS', index).flatMap((one) => parseCidr6(one) ?? [])
  const gateway = canonicalIpv6(shellValue(document, 'GATEWAY6') ?? '')
  return first && { ...first, ...(gateway === undefined ? {} : { gateway }) }
}
