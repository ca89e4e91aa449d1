import { isIP } from 'node:net'
import {
  type IniDocument,
  iniEntries,
  iniSections,
  KEY_FILE,
  parseIni,
} from '../../../formats/ini-document.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import { canonicalMac } from '../../ethernet.ts'
import { type Cidr, parseIpv4, parseNetmask } from '../../ipv4.ts'
import { canonicalIpv6, parsePrefix6 } from '../../ipv6.ts'
import type { NicAddressing, Profile } from '../../model.ts'

export const NAME = 'connman'
export const DIRECTORY = '/var/lib/connman'
export const MAIN = '/etc/connman/main.conf'

const WORD = /^(auto|dhcp|off)$/i

/** A section of a provisioning file, or the settings of one service: where it stands. */
export interface Service {
  readonly path: string
  readonly section: string
  readonly document: IniDocument
}

/** Value of a key; the last one counts. */
export function serviceValue({ document, section }: Service, key: string): string | undefined {
  return (
    iniEntries(document).findLast((one) => one.section === section && one.key === key)?.value || undefined
  )
}

/** Services of type ethernet in provisioning files. ConnMan passes over files with other signs than letters and digits in their name, and over services with an address that it cannot read. */
export function provisioned(tree: GuestTree): Service[] {
  return tree.glob(`${DIRECTORY}/*.config`).flatMap(({ path }) => {
    const text = tree.text(path)
    if (text === undefined || !/\/[A-Za-z0-9_]+\.config$/.test(path)) return []
    const document = parseIni(text, KEY_FILE)
    return sectionsOf(document)
      .map((section) => ({ path: tree.file(path)?.path ?? path, section, document }))
      .filter((one) => one.section.startsWith('service_') && serviceValue(one, 'Type') === 'ethernet')
      .filter((one) => isRead(serviceValue(one, 'IPv4'), 4) && isRead(serviceValue(one, 'IPv6'), 6))
  })
}

/** True for a word, and for an address with its mask; a gateway may stand behind. */
function isRead(value: string | undefined, family: 4 | 6): boolean {
  const [address = '', mask = '', gateway = ''] = (value ?? 'auto').split('/')
  if (WORD.test(value ?? 'auto')) return true
  return isIP(address) === family && mask !== '' && (gateway === '' || isIP(gateway) === family)
}

/** ConnMan's name for the wired service of a MAC: a directory, and the section in its settings. */
export function keptSection(mac: string): string {
  return `ethernet_${mac.replaceAll(':', '')}_cable`
}

/** What ConnMan keeps for each MAC that it has seen. */
export function remembered(tree: GuestTree): (Service & { readonly mac: string })[] {
  return tree.glob(`${DIRECTORY}/ethernet_*_cable/settings`).flatMap(({ path }) => {
    const section = path.split('/').at(-2) ?? ''
    const digits = /^ethernet_([0-9a-f]{12})_cable$/.exec(section)?.[1]
    const text = tree.text(path)
    if (digits === undefined || text === undefined) return []
    return [{ path, section, document: parseIni(text, KEY_FILE), mac: digits.replace(/..(?!$)/g, '$&:') }]
  })
}

/** Provisioned services, what was set for one MAC beside them, and DHCP for all that has neither. */
export function readProfiles(tree: GuestTree): Profile[] {
  const services = provisioned(tree)
  const profiles = services.map((service): Profile => {
    const mac = canonicalMac(serviceValue(service, 'MAC'))
    const device = mac === undefined ? serviceValue(service, 'DeviceName') : undefined
    const now = provisionedAddressing(service)
    return profileOf(service, service.section.slice('service_'.length), now, mac, device)
  })
  if (profiles.some(isUnbound)) return profiles
  const macs = profiles.flatMap(({ mac }) => mac ?? [])
  const settings = remembered(tree)
    .filter(({ mac }) => !macs.includes(mac))
    .map((service) => profileOf(service, service.section, settingsAddressing(service), service.mac))
  const number = freeNumber(tree)
  const automatic: Profile = {
    dialect: NAME,
    name: 'wired by DHCP',
    shared: true,
    file: `${DIRECTORY}/vmclone${number}.config`,
    now: { ipv4: { method: 'dhcp' } },
    defaultRoute: true,
  }
  return [...profiles, ...settings, automatic]
}

/** True for a service that any ethernet device may get. */
export function isUnbound({ shared, mac, interfaceName }: Profile): boolean {
  return !shared && mac === undefined && interfaceName === undefined
}

export function freeNumber(tree: GuestTree): number {
  let number = 0
  while (tree.entry(`${DIRECTORY}/vmclone${number}.config`)) number++
  return number
}

function profileOf(
  { path, section }: Service,
  name: string,
  now: NicAddressing,
  mac?: string,
  device?: string,
): Profile {
  const ipv4 = now.ipv4
  return {
    dialect: NAME,
    name,
    file: path,
    at: section,
    now,
    ...(mac === undefined ? {} : { mac }),
    ...(device === undefined ? {} : { interfaceName: device }),
    defaultRoute: ipv4?.method === 'dhcp' || ipv4?.gateway !== undefined,
  }
}

/** connman-service.config(5): IPv4 = address/mask/gateway, dhcp or off; DHCP where it says nothing. */
export function provisionedAddressing(service: Service): NicAddressing {
  const [address = '', mask = '', gateway] = (serviceValue(service, 'IPv4') ?? 'dhcp').split('/')
  const [address6 = '', length = '', gateway6] = (serviceValue(service, 'IPv6') ?? 'auto').split('/')
  return addressing(
    /^(dhcp|auto)$/i.test(address),
    { address, mask, gateway },
    { address: address6, mask: length, gateway: gateway6 },
    ['Nameservers', 'SearchDomains'].map((key) => listOf(service, key)),
  )
}

function settingsAddressing(service: Service): NicAddressing {
  const value = (key: string) => serviceValue(service, key) ?? ''
  const manual = (family: string) => value(`${family}.method`) === 'manual'
  const family = (name: string, length: string) =>
    manual(name)
      ? {
          address: value(`${name}.local_address`),
          mask: value(`${name}.${length}`),
          gateway: value(`${name}.gateway`) || undefined,
        }
      : { address: '', mask: '', gateway: undefined }
  const dhcp = /^(dhcp|)$/.test(value('IPv4.method'))
  return addressing(dhcp, family('IPv4', 'netmask_prefixlen'), family('IPv6', 'prefix_length'), [
    listOf(service, 'Nameservers'),
    listOf(service, 'Domains'),
  ])
}

interface Written {
  readonly address: string
  readonly mask: string
  readonly gateway: string | undefined
}

function addressing(
  dhcp: boolean,
  four: Written,
  six: Written,
  [dns = [], search = []]: string[][],
): NicAddressing {
  const cidr = cidrOf(four)
  const [address6, prefix6] = [canonicalIpv6(six.address), parsePrefix6(six.mask)]
  const gateway6 = canonicalIpv6(six.gateway ?? '')
  return {
    ...(dhcp ? { ipv4: { method: 'dhcp' as const } } : {}),
    ...(cidr
      ? { ipv4: { method: 'static' as const, ...cidr, ...(four.gateway ? { gateway: four.gateway } : {}) } }
      : {}),
    ...(address6 !== undefined && prefix6 !== undefined
      ? {
          ipv6: {
            address: address6,
            prefix: prefix6,
            ...(gateway6 === undefined ? {} : { gateway: gateway6 }),
          },
        }
      : {}),
    ...(dns.length > 0 ? { dns } : {}),
    ...(search.length > 0 ? { search } : {}),
  }
}

function cidrOf({ address, mask }: Written): Cidr | undefined {
  const prefix = parseNetmask(mask)
  return parseIpv4(address) === undefined || prefix === undefined ? undefined : { address, prefix }
}

function listOf(service: Service, key: string): string[] {
  return (serviceValue(service, key) ?? '').split(/[,;\s]+/).filter(Boolean)
}

function sectionsOf(document: IniDocument): string[] {
  return [...new Set(iniSections(document).map(({ name }) => name))]
}
