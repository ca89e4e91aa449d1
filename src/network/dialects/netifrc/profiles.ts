import { parseShell, type ShellDocument, shellValue } from '../../../formats/shell-assignments.ts'
import type { GuestNode, GuestTree } from '../../../guest/tree.ts'
import { canonicalMac, isEthernetName } from '../../ethernet.ts'
import { parseIpv4 } from '../../ipv4.ts'
import { canonicalIpv6, parseCidr6 } from '../../ipv6.ts'
import type { Ipv4Addressing, Ipv6Addressing, Profile } from '../../model.ts'
import { namePins } from '../../name-pins.ts'
import { RESOLV_CONF, readResolvConf } from '../../resolv-conf.ts'
import { cidrOf, entriesOf, gatewayIn, variableOf } from './values.ts'

export const NAME = 'netifrc'
export const CONF = '/etc/conf.d/net'

/** Links net.INTERFACE in a runlevel. */
export function enabledInterfaces(tree: GuestTree): GuestNode[] {
  return tree.glob('/etc/runlevels/*/net.*').filter(({ path }) => !path.endsWith('/net.lo'))
}

export function readConf(tree: GuestTree): ShellDocument {
  return parseShell(tree.text(CONF) ?? '', CONF)
}

/** Interfaces that start at boot: those that could carry a clone's address. */
export function readProfiles(tree: GuestTree): Profile[] {
  const document = readConf(tree)
  const names = [...new Set(enabledInterfaces(tree).map(({ path }) => path.replace(/^.*\/net\./, '')))]
  const profiles = names.filter(isEthernetName).map((name) => readProfile(tree, document, name))
  const owned = new Set(
    profiles.flatMap(({ ports = [], interfaceName = '' }) => (isVlan(interfaceName) ? [] : ports)),
  )
  const carrying = profiles.filter(({ name }) => !owned.has(name))
  const plain = carrying.filter(({ name, now }) => !isVlan(name) && (now.ipv4 ?? now.ipv6))
  return plain.length > 0 ? plain : carrying
}

function isVlan(name: string): boolean {
  return /\.\d+$/.test(name)
}

function readProfile(tree: GuestTree, document: ShellDocument, name: string): Profile {
  const [ipv4, ipv6] = [ipv4Of(document, name), ipv6Of(document, name)]
  const ports = [
    ...['bridge', 'slaves', 'bridge_add'].flatMap((key) =>
      words(shellValue(document, variableOf(key, name))),
    ),
    ...(isVlan(name) ? [name.replace(/\.\d+$/, '')] : []),
  ]
  const pins = namePins(tree)
  const pinned = [name, ...(ports.length === 1 ? ports : [])]
    .map((one) => pins.get(one))
    .find((one) => one !== undefined)
  const mac = pinned ?? canonicalMac(shellValue(document, variableOf('mac', name)))
  return {
    dialect: NAME,
    name,
    interfaceName: name,
    file: CONF,
    ...(mac === undefined ? {} : { mac }),
    ...(ports.length === 0 ? {} : { ports }),
    now: { ...(ipv4 ? { ipv4 } : {}), ...(ipv6 ? { ipv6 } : {}), ...namesOf(tree, document, name, ipv4) },
    defaultRoute: ipv4?.method === 'dhcp' || ipv4?.gateway !== undefined,
  }
}

/** IPv4 as netifrc takes it: DHCP where nothing is configured. */
export function ipv4Of(document: ShellDocument, name: string): Ipv4Addressing | undefined {
  const entries = entriesOf(document, variableOf('config', name))
  if (!entries || entries.some((entry) => /^(dhcp|dhclient|dhcpcd|udhcpc)$/.test(entry)))
    return { method: 'dhcp' }
  const cidr = entries.map(cidrOf).find((one) => one !== undefined)
  const gateway = (entriesOf(document, variableOf('routes', name)) ?? [])
    .map(gatewayIn)
    .find((one) => one !== undefined && parseIpv4(one) !== undefined)
  return cidr && { method: 'static', ...cidr, ...(gateway === undefined ? {} : { gateway }) }
}

export function ipv6Of(document: ShellDocument, name: string): Ipv6Addressing | undefined {
  const entries = entriesOf(document, variableOf('config', name)) ?? []
  const cidr = entries
    .map((entry) => parseCidr6(entry.split(/\s+/)[0] ?? ''))
    .find((one) => one !== undefined)
  const gateway = (entriesOf(document, variableOf('routes', name)) ?? [])
    .map((entry) => canonicalIpv6(gatewayIn(entry) ?? ''))
    .find((one) => one !== undefined)
  return cidr && { ...cidr, ...(gateway === undefined ? {} : { gateway }) }
}

/** Variables of the interface, those for all, then what stands in /etc/resolv.conf. */
function namesOf(tree: GuestTree, document: ShellDocument, name: string, ipv4: Ipv4Addressing | undefined) {
  const told = (key: string) =>
    words(shellValue(document, variableOf(key, name)) ?? shellValue(document, key))
  const written =
    ipv4?.method === 'dhcp' || tree.entry(RESOLV_CONF)?.kind !== 'file' ? '' : (tree.text(RESOLV_CONF) ?? '')
  const file = readResolvConf(written)
  const dns = [told('dns_servers'), file.nameservers].find((list) => list.length > 0)
  const search = [told('dns_search'), told('dns_domain'), file.search].find((list) => list.length > 0)
  return { ...(dns ? { dns: [...dns] } : {}), ...(search ? { search: [...search] } : {}) }
}

function words(text = ''): string[] {
  return text.split(/\s+/).filter(Boolean)
}
