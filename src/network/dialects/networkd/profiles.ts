import type { GuestTree } from '../../../guest/tree.ts'
import type { Profile } from '../../model.ts'
import { namePins } from '../../name-pins.ts'
import { dnsOf } from './dns.ts'
import { allValues, lastValue, readUnits, type Unit, wordsOf } from './files.ts'
import { canonicalMac, type Match, matchOf } from './match.ts'
import { addressingOf, dhcpOf, gatewayEntries } from './read.ts'

export const NAME = 'systemd-networkd'

const PORT_KEYS = ['Bond', 'Bridge']

interface Candidate {
  readonly unit: Unit
  readonly match: Match
  /** "bond", "bridge", "vlan"; absent for a physical adapter. */
  readonly kind?: string
  readonly ports: readonly string[]
}

/** Files that could carry a clone's address: ethernet, and bonds, bridges and VLANs where those own the address. */
export function readProfiles(tree: GuestTree): Profile[] {
  const units = readUnits(tree, '.network')
  const devices = new Map(
    readUnits(tree, '.netdev').map((unit) => [
      lastValue(unit, 'NetDev', 'Name') ?? '',
      lastValue(unit, 'NetDev', 'Kind') ?? '',
    ]),
  )
  const seen = new Set<string>()
  const all = units.flatMap((unit): Candidate[] => {
    const match = matchOf(unit)
    const name = match.interfaceName
    // The first file that fits a name wins.
    if (!match.ethernet || (name !== undefined && seen.has(name)) || isPort(unit)) return []
    if (name !== undefined && match.macs.length === 0 && match.unknown.length === 0) seen.add(name)
    const kind = name === undefined ? undefined : devices.get(name)
    if (kind !== undefined && !['bond', 'bridge', 'vlan'].includes(kind)) return []
    const ports = name === undefined || kind === undefined ? [] : portsOf(units, name)
    if (kind !== undefined && kind !== 'vlan' && ports.length === 0) return []
    return [{ unit, match, ports, ...(kind === undefined ? {} : { kind }) }]
  })
  const addressed = all.filter(({ unit }) => Object.keys(addressingOf(unit)).length > 0)
  const plain = addressed.filter(({ kind }) => kind !== 'vlan')
  const chosen = [plain, addressed, all].find((list) => list.length > 0) ?? []
  return chosen.map((one) => profileOf(tree, one))
}

function profileOf(tree: GuestTree, { unit, match, ports, kind }: Candidate): Profile {
  const { interfaceName, macs, shared } = match
  const pins = namePins(tree)
  const override = lastValue(unit, 'Link', 'MACAddress')
  const names = [
    ...(interfaceName === undefined ? [] : [interfaceName]),
    ...(ports.length === 1 ? ports : []),
  ]
  const mac =
    macs[0] ??
    names.map((name) => pins.get(name)).find((one) => one !== undefined) ??
    (override === undefined || kind !== undefined ? undefined : canonicalMac(override))
  return {
    dialect: NAME,
    name: interfaceName ?? unit.name.replace(/\.network$/, ''),
    ...(interfaceName === undefined ? {} : { interfaceName }),
    ...(mac === undefined ? {} : { mac }),
    ...(ports.length === 0 ? {} : { ports }),
    ...(shared ? { shared } : {}),
    file: unit.main.path,
    at: unit.name,
    now: { ...addressingOf(unit), ...dnsOf(tree, unit) },
    defaultRoute: dhcpOf(unit).v4 || gatewayEntries(unit, false).length > 0,
  }
}

function isPort(unit: Unit): boolean {
  return PORT_KEYS.some((key) => allValues(unit, 'Network', key).length > 0)
}

/** Interfaces below a bond, bridge or VLAN, down to the adapters. */
function portsOf(units: readonly Unit[], owner: string, depth = 0): string[] {
  if (depth > 8) return []
  return units.flatMap((unit) => {
    const above = [...PORT_KEYS, 'VLAN'].flatMap((key) => wordsOf(unit, 'Network', key))
    const { interfaceName } = matchOf(unit)
    if (!above.includes(owner)) return []
    // A port that is found by a pattern or an address is a port all the same.
    const name = interfaceName ?? unit.name
    return [name, ...portsOf(units, name, depth + 1)]
  })
}
