import type { GuestRead, GuestTree } from '../../../guest/tree.ts'
import { isEthernetName } from '../../ethernet.ts'
import { type Cidr, parseCidr, parseIpv4, parseNetmask } from '../../ipv4.ts'
import { parseCidr6 } from '../../ipv6.ts'
import { leasedInterface } from '../../leases.ts'
import type { Ipv4Addressing, NicAddressing, Profile } from '../../model.ts'
import { namePins } from '../../name-pins.ts'
import { RESOLV_CONF, readResolvConf } from '../../resolv-conf.ts'
import { blocksOf, type DhcpcdDocument, optionFor, optionsFor, optionsOf, parseDhcpcd } from './document.ts'

export const NAME = 'dhcpcd'
export const CONF = '/etc/dhcpcd.conf'

const LEASES = ['/var/lib/dhcpcd/*', '/var/lib/dhcpcd5/*', '/var/db/dhcpcd/*', '/var/db/dhcpcd-*']
const UNITS = '/etc/systemd/system/*.wants/dhcpcd@*.service'
/** Masks of the rule that renames interfaces: then the first is eth0. */
const KERNEL_NAMES = ['/etc/systemd/network/99-default.link', '/etc/udev/rules.d/80-net-setup-link.rules']

export const PROFILE_READS: readonly GuestRead[] = [
  CONF,
  RESOLV_CONF,
  ...[...LEASES, ...KERNEL_NAMES].map((path) => ({ path, attributes: true as const })),
]

export function readConf(tree: GuestTree): DhcpcdDocument {
  return parseDhcpcd(tree.text(CONF) ?? '')
}

/** Instances of the unit, each for one interface. */
export function instances(tree: GuestTree): string[] {
  return tree.glob(UNITS).flatMap(({ path }) => /dhcpcd@(.*)\.service$/.exec(path)?.[1] ?? [])
}

/**
 * Interfaces that dhcpcd has: those with a block, those that a lease, a unit, allowinterfaces or a pin names. Where none is
 * known by name, one profile stands for all; it cannot be edited, for a block is found by the name alone.
 */
export function readProfiles(tree: GuestTree): Profile[] {
  const document = readConf(tree)
  const listed = (key: string) =>
    optionsOf(document)
      .filter((one) => one.key === key)
      .flatMap(({ value }) => value.split(/\s+/))
  const units = instances(tree)
  const [allowed, denied] = [listed('allowinterfaces'), listed('denyinterfaces')]
  const fits = (name: string, pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|\\]/g, '\\$&')
        .replace(/\*/g, '.*')
        .replace(/\?/g, '.')}$`,
    ).test(name)
  const names =
    units.length > 0
      ? units
      : [...blocksOf(document), ...leased(tree), ...allowed, ...namePins(tree).keys(), ...kernelName(tree)]
  const served = [...new Set(names)].filter(
    (name) =>
      isEthernetName(name) &&
      !denied.some((one) => fits(name, one)) &&
      (allowed.length === 0 || allowed.some((one) => fits(name, one))),
  )
  if (served.length > 0) return served.sort().map((name) => readProfile(tree, document, name))
  const all: Profile = {
    dialect: NAME,
    name: 'all interfaces',
    shared: true,
    file: CONF,
    now: { ipv4: { method: 'dhcp' } },
    defaultRoute: true,
  }
  return [all]
}

function leased(tree: GuestTree): string[] {
  return LEASES.flatMap((pattern) => tree.glob(pattern)).flatMap(({ path }) => leasedInterface(path) ?? [])
}

function kernelName(tree: GuestTree): string[] {
  return KERNEL_NAMES.some((path) => tree.entry(path)?.target === '/dev/null') ? ['eth0'] : []
}

function readProfile(tree: GuestTree, document: DhcpcdDocument, name: string): Profile {
  const ipv4 = ipv4Of(document, name)
  const ipv6 = parseCidr6(optionFor(document, name, 'static ip6_address')?.value ?? '')
  const mac = namePins(tree).get(name)
  const now: NicAddressing = {
    ...(ipv4 ? { ipv4 } : {}),
    ...(ipv6 ? { ipv6 } : {}),
    ...namesOf(tree, document, name, ipv4),
  }
  return {
    dialect: NAME,
    name,
    interfaceName: name,
    file: CONF,
    ...(mac === undefined ? {} : { mac }),
    now,
    defaultRoute:
      optionFor(document, name, 'nogateway') === undefined &&
      (ipv4?.method === 'dhcp' || ipv4?.gateway !== undefined),
  }
}

/** Static addresses of the interface's own block or for all, DHCP where dhcpcd cannot read one; undefined without IPv4. */
export function ipv4Of(document: DhcpcdDocument, name: string): Ipv4Addressing | undefined {
  if (optionFor(document, name, 'noipv4')) return undefined
  const cidr = addressOf(document, name)
  if (!cidr) return { method: 'dhcp' }
  const routers = optionsFor(document, name, 'static routers').flatMap(({ value }) => value.split(/\s+/))
  const gateway = optionFor(document, name, 'nogateway')
    ? undefined
    : routers.find((one) => parseIpv4(one) !== undefined)
  return { method: 'static', ...cidr, ...(gateway === undefined ? {} : { gateway }) }
}

/** The address; a subnet_mask counts before its prefix, and the address class where neither stands. */
export function addressOf(document: DhcpcdDocument, name: string): Cidr | undefined {
  const text = optionFor(document, name, 'static ip_address')?.value ?? ''
  const mask = parseNetmask(optionFor(document, name, 'static subnet_mask')?.value ?? '')
  const cidr = parseCidr(text)
  if (cidr) return { ...cidr, prefix: mask ?? cidr.prefix }
  const number = parseIpv4(text)
  return number === undefined ? undefined : { address: text, prefix: mask ?? classOf(number >>> 24) }
}

function classOf(first: number): number {
  if (first < 128) return 8
  return first < 192 ? 16 : 24
}

function namesOf(tree: GuestTree, document: DhcpcdDocument, name: string, ipv4: Ipv4Addressing | undefined) {
  const told = (key: string) => (optionFor(document, name, key)?.value ?? '').split(/\s+/).filter(Boolean)
  const byHand = leavesResolvConf(document, name) && ipv4?.method === 'static'
  const file = byHand ? readResolvConf(tree.text(RESOLV_CONF) ?? '') : undefined
  const dns = file?.nameservers ?? told('static domain_name_servers')
  const search = file?.search ?? [...told('static domain_search'), ...told('static domain_name')]
  return {
    ...(dns.length > 0 ? { dns: [...dns] } : {}),
    ...(search.length > 0 ? { search: [...search] } : {}),
  }
}

/** True if dhcpcd's hook is told not to write /etc/resolv.conf. */
export function leavesResolvConf(document: DhcpcdDocument, name: string): boolean {
  return optionsOf(document).some(
    ({ block, key, value }) =>
      key === 'nohook' &&
      (block === '' || block === `interface ${name}`) &&
      /(^|[\s,])resolv\.conf($|[\s,])/.test(value),
  )
}
