import type { GuestTree } from '../../../guest/tree.ts'
import type { Profile } from '../../model.ts'
import { namePins } from '../../name-pins.ts'
import { dnsOf } from './dns.ts'
import { hasRoute, ipv4Of, ipv6Of, stanzasFor } from './read.ts'
import { collectFiles } from './sources.ts'
import { type IfaceStanza, ifaceStanzas, optionValue, wordsOf } from './stanzas.ts'

const VIRTUAL = /^(lo$|wl|ww|sl|ppp|tun|tap|veth|docker|virbr|dummy|wg|ib|can)/
const VLAN = /^(.+)\.\d+$/
const SLAVE = ['bond-master', 'wireless-essid', 'wpa-ssid', 'wpa-conf', 'wpa-driver']
const PORTS = ['bridge-ports', 'bond-slaves', 'slaves', 'vlan-raw-device', 'requires']

export const NAME = 'ifupdown'

/** Interfaces that could carry a clone's address: ethernet, and bridges, bonds and VLANs where those own the address. */
export function readProfiles(tree: GuestTree): Profile[] {
  const stanzas = ifaceStanzas(collectFiles(tree))
  const taken = new Set(stanzas.flatMap(portsOf))
  const names = [...new Set(stanzas.map((stanza) => stanza.name))].filter(
    (name) => !VIRTUAL.test(name) && !name.includes(':') && !/[*?[/]/.test(name),
  )
  const profiles = names.flatMap((name) => readProfile(tree, stanzas, name))
  const plain = profiles.filter(
    ({ name }) => !isVlan(stanzas, name) && !(taken.has(name) && ownerAbove(stanzas, profiles, name)),
  )
  return plain.length > 0 ? plain : profiles
}

function readProfile(tree: GuestTree, stanzas: readonly IfaceStanza[], name: string): Profile[] {
  const { inet, inet6, all } = stanzasFor(stanzas, name)
  const first = inet ?? (inet6?.method === 'static' && !all.some(isManual) ? inet6 : undefined)
  if (!first || all.some((stanza) => stanza.options.some((option) => SLAVE.includes(option.name)))) return []
  const ipv4 = ipv4Of(inet)
  const ipv6 = ipv6Of(inet6)
  const ports = all.flatMap(portsOf).filter((port) => port !== name)
  const mac = all.map((stanza) => optionValue(stanza, 'hwaddress')).find((value) => value !== undefined)
  const pins = namePins(tree)
  const pinned =
    [name, ...(ports.length === 1 ? ports : [])]
      .map((one) => pins.get(one))
      .find((one) => one !== undefined) ??
    /([0-9a-f]{2}(:[0-9a-f]{2}){5})$/i.exec(mac ?? '')?.[1]?.toLowerCase()
  return [
    {
      dialect: NAME,
      name,
      interfaceName: name,
      file: first.file,
      at: first.ordinal,
      ...(pinned === undefined ? {} : { mac: pinned }),
      ...(ports.length === 0 ? {} : { ports }),
      now: {
        ...(ipv4 ? { ipv4 } : {}),
        ...(ipv6 ? { ipv6 } : {}),
        ...(ipv4?.method === 'dhcp' ? {} : dnsOf(tree, first)),
      },
      defaultRoute: inet !== undefined && hasRoute(inet),
    },
  ]
}

function isManual(stanza: IfaceStanza): boolean {
  return stanza.family === 'inet' && stanza.method === 'manual'
}

function isVlan(stanzas: readonly IfaceStanza[], name: string): boolean {
  if (VLAN.test(name)) return true
  return stanzas.some((one) => one.name === name && optionValue(one, 'vlan-raw-device') !== undefined)
}

/** True if a bridge or bond with an address has this interface as its port. */
function ownerAbove(stanzas: readonly IfaceStanza[], profiles: readonly Profile[], name: string): boolean {
  return profiles.some((one) => !isVlan(stanzas, one.name) && one.ports?.includes(name))
}

function portsOf(stanza: IfaceStanza): string[] {
  const listed = PORTS.flatMap((option) => wordsOf(stanza, option)).filter(
    (word) => word !== 'none' && word !== 'all' && word !== 'regex',
  )
  const base = VLAN.exec(stanza.name)?.[1]
  return base === undefined ? listed : [...listed, base]
}
