import type { GuestTree } from '../../../guest/tree.ts'
import { canonicalMac, isEthernetName } from '../../ethernet.ts'
import type { Ipv4Addressing, Ipv6Addressing, Profile } from '../../model.ts'
import { namePins } from '../../name-pins.ts'
import { ifcfgValue, isYes } from '../ifcfg/files.ts'
import { namesOf } from './dns.ts'
import { collectFiles, deviceOf, macInName, ROUTES, routesFile, type WickedFile } from './files.ts'
import { firstOf, isDhcp, protocolOf } from './read.ts'
import { defaultRoutes, isOurs } from './routes.ts'

export const NAME = 'wicked'

/** Interfaces that could carry a clone's address: ethernet, and bonds, bridges and VLANs where those own the address. */
export function readProfiles(tree: GuestTree): Profile[] {
  const files = candidates(tree)
  const profiles = files.map((file) => readProfile(tree, file, files))
  const taken = new Set(profiles.flatMap(({ ports = [], now }) => (now.ipv4 || now.ipv6 ? ports : [])))
  const carrying = profiles.filter(
    ({ interfaceName = '', now }) => !taken.has(interfaceName) || now.ipv4 !== undefined,
  )
  const plain = carrying.filter(({ file }) => !isVlan(files.find((one) => one.path === file)))
  return plain.length > 0 ? plain : carrying
}

/** Files that could hold a clone's address. */
export function candidates(tree: GuestTree): WickedFile[] {
  const files = collectFiles(tree)
  const ports = new Set(files.filter((file) => !isVlan(file)).flatMap(portsOf))
  return files.filter((file) => {
    const device = deviceOf(file)
    if (device === undefined) return /^eth-/.test(file.suffix)
    const wireless = ifcfgValue(file, 'WIRELESS') ?? ifcfgValue(file, 'WIRELESS_ESSID')
    return (
      isEthernetName(device) && !ports.has(device) && wireless === undefined && protocolOf(file) !== 'ibft'
    )
  })
}

function readProfile(tree: GuestTree, file: WickedFile, files: readonly WickedFile[]): Profile {
  const device = deviceOf(file)
  const ports = portsOf(file)
  const [ipv4, ipv6] = [ipv4Of(tree, file, files), ipv6Of(tree, file, files)]
  const pins = namePins(tree)
  const pinned = [device, ...(ports.length === 1 ? ports : [])].map((one) => pins.get(one ?? ''))
  const mac = [macInName(file), ...pinned, canonicalMac(ifcfgValue(file, 'LLADDR'))].find(
    (one) => one !== undefined,
  )
  return {
    dialect: NAME,
    name: file.suffix,
    file: file.path,
    ...(device === undefined ? {} : { interfaceName: device }),
    ...(mac === undefined ? {} : { mac }),
    ...(ports.length === 0 ? {} : { ports }),
    now: { ...(ipv4 ? { ipv4 } : {}), ...(ipv6 ? { ipv6 } : {}), ...namesOf(tree, ipv4) },
    defaultRoute: ipv4?.method === 'dhcp' || ipv4?.gateway !== undefined,
  }
}

export function ipv4Of(
  tree: GuestTree,
  file: WickedFile,
  files: readonly WickedFile[],
): Ipv4Addressing | undefined {
  if (isDhcp(file)) return { method: 'dhcp' }
  const first = firstOf(file, 4)
  if (first?.prefix === undefined || /^(none|6to4)$/.test(protocolOf(file))) return undefined
  const subnet = { address: first.address, prefix: first.prefix }
  return { method: 'static', ...subnet, ...gatewayOf(tree, file, files, 4, subnet) }
}

export function ipv6Of(
  tree: GuestTree,
  file: WickedFile,
  files: readonly WickedFile[],
): Ipv6Addressing | undefined {
  const first = firstOf(file, 6)
  if (first?.prefix === undefined) return undefined
  const subnet = { address: first.address, prefix: first.prefix }
  return { ...subnet, ...gatewayOf(tree, file, files, 6, subnet) }
}

/** The default route of a family: in the interface's own file, else a shared one that is its own. */
function gatewayOf(
  tree: GuestTree,
  file: WickedFile,
  files: readonly WickedFile[],
  family: 4 | 6,
  subnet: { readonly address: string; readonly prefix: number },
): { readonly gateway?: string } {
  const own = { device: deviceOf(file), subnets: [subnet], alone: files.length === 1 }
  const route = [
    ...defaultRoutes(tree.text(routesFile(file)) ?? ''),
    ...defaultRoutes(tree.text(ROUTES) ?? '').filter((one) => isOurs(one, own)),
  ].find((one) => one.family === family)
  return route ? { gateway: route.gateway } : {}
}

/** Interfaces below a bond, bridge or VLAN. */
function portsOf(file: WickedFile): string[] {
  const slaves = file.document.assignments
    .map(({ key }) => key)
    .filter((key) => /^(BONDING_SLAVE|TEAM_PORT_DEVICE)_?\w*$/.test(key))
  return ['BRIDGE_PORTS', 'ETHERDEVICE', ...new Set(slaves)].flatMap((key) =>
    (ifcfgValue(file, key) ?? '').split(/\s+/).filter(Boolean),
  )
}

function isVlan(file: WickedFile | undefined): boolean {
  return (
    file !== undefined && (isYes(ifcfgValue(file, 'VLAN')) || ifcfgValue(file, 'ETHERDEVICE') !== undefined)
  )
}
