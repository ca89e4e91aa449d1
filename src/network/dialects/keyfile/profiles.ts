import type { GuestTree } from '../../../guest/tree.ts'
import type { Profile } from '../../model.ts'
import { namePins } from '../../name-pins.ts'
import { automaticProfile } from './automatic.ts'
import { type Connection, readConnections } from './connections.ts'
import { CONNECTION, ETHERNET, IPV4, listOf, VLAN, valueIn } from './document.ts'
import { addressingOf, hasDefaultRoute, methodOf } from './read.ts'

export const NAME = 'keyfile'

const OWNERS = ['bond', 'bridge', 'team', 'vlan']

/** Profiles that could carry a clone's address: ethernet, and bonds, bridges and VLANs where those own the address. */
export function readProfiles(tree: GuestTree): Profile[] {
  const { connections } = readConnections(tree)
  const owners = connections.filter((one) => isCandidate(one, connections))
  const addressed = owners.filter((one) => hasAddressing(one))
  const plain = addressed.filter(({ type }) => type !== 'vlan')
  const chosen = [plain, addressed, owners].find((list) => list.length > 0) ?? []
  const automatic = automaticProfile(tree, connections)
  return [...preferred(chosen).map((one) => profileOf(tree, one, connections)), ...automatic]
}

/** The connections below a bond, bridge or VLAN, down to the ethernet ones. */
export function portsOf(owner: Connection, all: readonly Connection[]): Connection[] {
  const seen = new Set<Connection>([owner])
  const visit = (one: Connection): Connection[] =>
    all
      .filter((other) => !seen.has(other) && (isPortOf(other, one) || isParentOf(other, one)))
      .flatMap((port) => {
        seen.add(port)
        return [port, ...visit(port)]
      })
  return visit(owner)
}

function isCandidate(one: Connection, all: readonly Connection[]): boolean {
  if (controllerOf(one) !== undefined) return false
  if (/^(0|no|false|off)$/i.test(valueIn(one.document, CONNECTION, 'autoconnect') ?? '')) return false
  if (one.type === 'ethernet') return true
  // A bridge without a port, such as virbr0, reaches no adapter of the VM.
  return OWNERS.includes(one.type) && (one.type === 'vlan' || portsOf(one, all).length > 0)
}

function hasAddressing({ document }: Connection): boolean {
  const { ipv4, ipv6 } = addressingOf(document)
  return ipv4 !== undefined || ipv6 !== undefined || methodOf(document, IPV4) === undefined
}

/** Of profiles for the same interface or adapter NetworkManager takes those of the highest priority. */
function preferred(list: readonly Connection[]): Connection[] {
  const binding = (one: Connection) =>
    one.interfaceName ?? valueIn(one.document, ETHERNET, 'mac-address')?.toLowerCase() ?? ''
  const priority = (one: Connection) =>
    Number(valueIn(one.document, CONNECTION, 'autoconnect-priority') ?? 0) || 0
  return list.filter((one) =>
    list.every((other) => binding(other) !== binding(one) || priority(other) <= priority(one)),
  )
}

function profileOf(tree: GuestTree, one: Connection, all: readonly Connection[]): Profile {
  const ports = portsOf(one, all).filter(({ type }) => type === 'ethernet')
  const names = ports.flatMap(({ interfaceName }) => interfaceName ?? [])
  const base = one.type === 'vlan' ? parentName(one) : undefined
  const below = [...new Set([...names, ...(base === undefined ? [] : [base])])]
  const interfaceName = one.interfaceName ?? matchedName(one)
  const pins = namePins(tree)
  const sources = one.type === 'ethernet' ? [one] : ports.length === 1 ? ports : []
  const mac =
    sources.map((source) => macOf(source, 'mac-address')).find(Boolean) ??
    [interfaceName, ...below].map((name) => pins.get(name ?? '')).find(Boolean) ??
    sources.map((source) => macOf(source, 'cloned-mac-address')).find(Boolean)
  return {
    dialect: NAME,
    name: one.id,
    ...(interfaceName === undefined ? {} : { interfaceName }),
    ...(mac === undefined ? {} : { mac }),
    ...(below.length === 0 ? {} : { ports: below }),
    file: one.path,
    now: addressingOf(one.document),
    defaultRoute: hasDefaultRoute(one.document),
  }
}

function controllerOf({ document }: Connection): string | undefined {
  return (
    valueIn(document, CONNECTION, 'controller') ??
    valueIn(document, CONNECTION, 'master') ??
    valueIn(document, CONNECTION, 'port-type') ??
    valueIn(document, CONNECTION, 'slave-type')
  )
}

function isPortOf(port: Connection, { uuid, interfaceName }: Connection): boolean {
  const controller = controllerOf(port)
  return controller !== undefined && (controller === uuid || controller === interfaceName)
}

function isParentOf(parent: Connection, vlan: Connection): boolean {
  const named = vlan.type === 'vlan' ? parentName(vlan) : undefined
  if (named === undefined || parent === vlan) return false
  return named === parent.uuid || named === parent.interfaceName || named === macOf(parent, 'mac-address')
}

/** What a VLAN stands on: an interface, a connection's UUID or a MAC address. */
function parentName({ document, interfaceName }: Connection): string | undefined {
  return valueIn(document, VLAN, 'parent') ?? /^(.+)\.\d+$/.exec(interfaceName ?? '')?.[1]
}

function matchedName({ document }: Connection): string | undefined {
  const names = listOf(document, ['match'], 'interface-name')
  return names.length === 1 && /^[\w.-]+$/.test(names[0] ?? '') ? names[0] : undefined
}

function macOf({ document }: Connection, key: string): string | undefined {
  const mac = valueIn(document, ETHERNET, key)?.toLowerCase().replaceAll('-', ':') ?? ''
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac) ? mac : undefined
}
