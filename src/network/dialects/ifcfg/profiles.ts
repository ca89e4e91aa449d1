import type { GuestTree } from '../../../guest/tree.ts'
import { canonicalMac, isEthernetName } from '../../ethernet.ts'
import type { Profile } from '../../model.ts'
import { namePins } from '../../name-pins.ts'
import { RESOLV_CONF, readResolvConf } from '../../resolv-conf.ts'
import {
  collectFiles,
  globalDocument,
  type IfcfgFile,
  ifcfgValue,
  isRead,
  isYes,
  type Reader,
} from './files.ts'
import { dnsOf, ipv4Of, ipv6Of, searchOf } from './read.ts'
import { readerOf, readersOf } from './readers.ts'

export const NAME = 'ifcfg'

const TYPES = /^(|ethernet|bond|bridge|ovsbridge|team|vlan)$/i
const MASTERS = ['MASTER', 'BRIDGE', 'TEAM_MASTER', 'OVS_BRIDGE'].flatMap((key) => [key, `${key}_UUID`])

/** A file that a reader takes, and which. */
export interface ActiveFile extends IfcfgFile {
  readonly reader: Reader
}

/** Files that hold a profile in force; copies that a reader takes for one are left out. */
export function activeFiles(tree: GuestTree): ActiveFile[] {
  const readers = readersOf(tree)
  return collectFiles(tree).flatMap((file) => {
    const reader = readerOf(file, readers)
    return file.kind === 'profile' && reader !== undefined && isRead(file.suffix, reader)
      ? [{ ...file, reader }]
      : []
  })
}

/** Interfaces that could carry a clone's address: ethernet, and bonds, bridges, teams and VLANs where those own the address. */
export function readProfiles(tree: GuestTree): Profile[] {
  const files = activeFiles(tree)
  const owners = files.filter((file) => isCandidate(file))
  const profiles = owners.map((file) => readProfile(tree, file, files))
  const addressed = (name: string) =>
    profiles.some(({ ports, now }) => ports?.includes(name) && (now.ipv4 || now.ipv6))
  const bare = ({ now, interfaceName = '' }: Profile) => !now.ipv4 && !now.ipv6 && addressed(interfaceName)
  const carrying = profiles.filter((profile) => !bare(profile))
  const plain = carrying.filter((_, i) => {
    const file = owners[profiles.indexOf(carrying[i] as Profile)]
    return file !== undefined && baseOf(file) === undefined
  })
  return plain.length > 0 ? plain : carrying
}

function isCandidate(file: ActiveFile): boolean {
  const name = deviceOf(file)
  if (!isEthernetName(name) || !TYPES.test(ifcfgValue(file, 'TYPE') ?? '')) return false
  return (
    mastersOf(file).length === 0 &&
    !isYes(ifcfgValue(file, 'SLAVE')) &&
    ifcfgValue(file, 'ESSID') === undefined
  )
}

function readProfile(tree: GuestTree, file: ActiveFile, files: readonly ActiveFile[]): Profile {
  const global = globalDocument(tree)
  const device = ifcfgValue(file, 'DEVICE') ?? (file.reader === 'scripts' ? file.suffix : undefined)
  const ports = portsOf(file, files)
  const ipv4 = ipv4Of(file, file.reader, global)
  const ipv6 = ipv6Of(file, global)
  const mac = macOf(tree, file, files, ports)
  return {
    dialect: NAME,
    name: file.suffix,
    ...(device === undefined ? {} : { interfaceName: device }),
    file: file.path,
    ...(mac === undefined ? {} : { mac }),
    ...(ports.length === 0 ? {} : { ports }),
    now: { ...(ipv4 ? { ipv4 } : {}), ...(ipv6 ? { ipv6 } : {}), ...namesOf(tree, file, ipv4?.method) },
    defaultRoute:
      !/^(no|false|n|f|0|off)$/i.test(ifcfgValue(file, 'DEFROUTE') ?? '') &&
      (ipv4?.method === 'dhcp' || ipv4?.gateway !== undefined),
  }
}

/** DNSn and DOMAIN; the scripts leave /etc/resolv.conf as it is where they are absent, NetworkManager does not. */
function namesOf(tree: GuestTree, file: ActiveFile, method: string | undefined) {
  const plain = file.reader === 'scripts' && method !== 'dhcp' && tree.entry(RESOLV_CONF)?.kind === 'file'
  const written = plain ? readResolvConf(tree.text(RESOLV_CONF) ?? '') : undefined
  const dns = [dnsOf(file), written?.nameservers ?? []].find((list) => list.length > 0)
  const search = [searchOf(file), written?.search ?? []].find((list) => list.length > 0)
  return { ...(dns ? { dns } : {}), ...(search ? { search } : {}) }
}

function macOf(
  tree: GuestTree,
  file: ActiveFile,
  files: readonly ActiveFile[],
  ports: readonly string[],
): string | undefined {
  const port = ports.length === 1 ? files.find((one) => deviceOf(one) === ports[0]) : undefined
  const pins = namePins(tree)
  const found = [
    ...[file, ...(port ? [port] : [])].map((one) => ifcfgValue(one, 'HWADDR')),
    ...[deviceOf(file), ...(ports.length === 1 ? ports : [])].map((name) => pins.get(name)),
  ].find((mac) => mac !== undefined)
  return canonicalMac(found)
}

/** The interface that a file configures, as far as it says. */
export function deviceOf(file: IfcfgFile): string {
  return ifcfgValue(file, 'DEVICE') ?? file.suffix
}

/** What the file says it is a port of: an interface, a connection's name or a UUID. */
export function mastersOf(file: IfcfgFile): string[] {
  return MASTERS.flatMap((key) => ifcfgValue(file, key) ?? [])
}

/** Files of the interfaces below a bond, bridge or team. */
export function portFiles(owner: IfcfgFile, files: readonly ActiveFile[]): ActiveFile[] {
  const names = [deviceOf(owner), ifcfgValue(owner, 'UUID'), ifcfgValue(owner, 'NAME'), owner.suffix]
  return files.filter((file) => mastersOf(file).some((master) => names.includes(master)))
}

function portsOf(file: ActiveFile, files: readonly ActiveFile[]): string[] {
  const base = baseOf(file)
  const ports = portFiles(file, files).map(deviceOf)
  return base ? [...ports, base] : ports
}

/** The interface that a VLAN lies on; undefined for what is no VLAN. */
function baseOf(file: IfcfgFile): string | undefined {
  const named = /^(.+)\.\d+$/.exec(deviceOf(file))?.[1]
  const vlan = isYes(ifcfgValue(file, 'VLAN')) || /^vlan$/i.test(ifcfgValue(file, 'TYPE') ?? '')
  return vlan || named !== undefined ? (ifcfgValue(file, 'PHYSDEV') ?? named ?? '') : undefined
}
