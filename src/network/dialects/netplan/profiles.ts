import type { GuestTree } from '../../../guest/tree.ts'
import type { Profile } from '../../model.ts'
import { namePins } from '../../name-pins.ts'
import { type Definition, definitionsOf, passedThrough, scalarOf, textsOf } from './definitions.ts'
import { collectFiles, type NetplanFile } from './files.ts'
import { addressingOf, hasDefaultRoute } from './read.ts'

export const NAME = 'netplan'

/** Interfaces that could carry a clone's address: ethernet, and bonds, bridges and VLANs where those own the address. */
export function readProfiles(tree: GuestTree): Profile[] {
  const files = collectFiles(tree)
  const all = definitionsOf(files)
  const pins = namePins(tree)
  return ownersOf(all).map((definition) => readProfile(files, all, definition, pins))
}

function ownersOf(all: readonly Definition[]): Definition[] {
  const ports = new Set(all.filter(({ type }) => type !== 'vlans').flatMap(portsOf))
  const free = all.filter(({ id }) => !ports.has(id))
  const addressed = (id: string | undefined): boolean =>
    free.some((one) => one.id === id && hasAddressing(one))
  const links = new Set(free.filter(hasAddressing).flatMap((one) => scalarOf(one, 'link') ?? []))
  return free.filter((one) =>
    one.type === 'vlans' ? !addressed(scalarOf(one, 'link')) : hasAddressing(one) || !links.has(one.id),
  )
}

function hasAddressing(definition: Definition): boolean {
  const { ipv4, ipv6 } = addressingOf(definition)
  return ipv4 !== undefined || ipv6 !== undefined
}

/** Ids of the interfaces directly below a bond, bridge or VLAN. */
export function portsOf(definition: Definition): string[] {
  const link = definition.type === 'vlans' ? scalarOf(definition, 'link') : undefined
  return [...textsOf(definition, 'interfaces'), ...(link === undefined ? [] : [link])]
}

/** All ethernet definitions below this one; itself if it is one. */
export function ethernetsBelow(
  all: readonly Definition[],
  definition: Definition,
  seen: ReadonlySet<Definition> = new Set(),
): Definition[] {
  if (definition.type === 'ethernets') return [definition]
  const below = all.filter(
    (one) => portsOf(definition).includes(one.id) && !seen.has(one) && one !== definition,
  )
  return below.flatMap((one) => ethernetsBelow(all, one, new Set([...seen, definition])))
}

function readProfile(
  files: readonly NetplanFile[],
  all: readonly Definition[],
  definition: Definition,
  pins: ReadonlyMap<string, string>,
): Profile {
  const interfaceName = interfaceNameOf(definition)
  const below = definition.type === 'ethernets' ? [] : ethernetsBelow(all, definition)
  const ports = below.flatMap((one) => interfaceNameOf(one) ?? one.id)
  const mac = [definition, ...below].map((one) => macOf(one, pins)).find((one) => one !== undefined)
  return {
    dialect: NAME,
    name: scalarOf(definition, 'networkmanager', 'name') ?? definition.id,
    ...(interfaceName === undefined ? {} : { interfaceName }),
    ...(mac === undefined ? {} : { mac }),
    ...(ports.length === 0 ? {} : { ports }),
    file: files[mainPart(definition).file]?.path ?? '',
    at: keyOf(definition),
    now: addressingOf(definition),
    defaultRoute: hasDefaultRoute(definition),
  }
}

/** "ethernets.ens33": what finds the definition again. */
export function keyOf({ type, id }: Definition): string {
  return `${type}.${id}`
}

/** The part to which a new key goes: the last one that speaks of addresses, else the first. */
export function mainPart({ parts }: Definition): Definition['parts'][number] {
  const speaking = parts.findLast(({ value }) => value.has('addresses') || value.has('dhcp4'))
  return speaking ?? (parts[0] as Definition['parts'][number])
}

/** The interface's name once it is up, where the definition says it. */
export function interfaceNameOf(definition: Definition): string | undefined {
  const { type, id, parts } = definition
  if (type !== 'ethernets' || !parts.some(({ value }) => value.has('match'))) return id
  const name =
    scalarOf(definition, 'match', 'name') ?? passedThrough(definition).get('connection.interface-name')
  return scalarOf(definition, 'set-name') ?? (name !== undefined && !/[*?[]/.test(name) ? name : undefined)
}

function macOf(definition: Definition, pins: ReadonlyMap<string, string>): string | undefined {
  const matched =
    scalarOf(definition, 'match', 'macaddress') ?? passedThrough(definition).get('ethernet.mac-address')
  const name = interfaceNameOf(definition)
  const pinned = name === undefined ? undefined : pins.get(name)
  const mac = (matched ?? pinned ?? scalarOf(definition, 'macaddress'))?.toLowerCase()
  return mac !== undefined && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac) ? mac : undefined
}
