import {
  assignmentOf,
  parseShell,
  type ShellDocument,
  shellValue,
} from '../../../formats/shell-assignments.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import { canonicalMac, isEthernetName } from '../../ethernet.ts'
import { parseCidr } from '../../ipv4.ts'
import { canonicalIpv6, parseCidr6 } from '../../ipv6.ts'
import type { Ipv4Addressing, Ipv6Addressing, Profile } from '../../model.ts'
import { namePins } from '../../name-pins.ts'

export const NAME = 'netctl'
export const DIRECTORY = '/etc/netctl'

/** One profile that starts at boot. */
export interface NetctlFile {
  readonly name: string
  readonly path: string
  readonly document: ShellDocument
  /** What starts it. */
  readonly unit: string
}

const CONNECTION = /^(ethernet|bridge|bond|vlan|macvlan)$/

/** Profiles of netctl@NAME, and of netctl-ifplugd@INTERFACE all for that interface. */
export function enabledProfiles(tree: GuestTree): NetctlFile[] {
  const all = tree.glob(`${DIRECTORY}/*`).flatMap(({ path }) => {
    const node = tree.file(path)
    const text = tree.text(path)
    const name = path.slice(DIRECTORY.length + 1)
    return node && text !== undefined
      ? [{ name, path: node.path, document: parseShell(text, node.path) }]
      : []
  })
  const units = ['netctl@*', 'netctl-ifplugd@*'].flatMap((unit) =>
    tree.glob(`/etc/systemd/system/*.wants/${unit}.service`),
  )
  const found = units.flatMap(({ path }) => {
    const [, plugged, instance = ''] = /\/netctl(-ifplugd)?@(.*)\.service$/.exec(path) ?? []
    const name = unescaped(instance)
    const fits = (one: (typeof all)[number]) =>
      plugged ? shellValue(one.document, 'Interface') === name : one.name === name
    return all.filter(fits).map((one) => ({ ...one, unit: path }))
  })
  return found.filter((one, i) => found.findIndex(({ path }) => path === one.path) === i)
}

/** systemd.unit(5): \x2d for a dash. */
function unescaped(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Profiles that could carry a clone's address. */
export function readProfiles(tree: GuestTree): Profile[] {
  const profiles = enabledProfiles(tree).flatMap(({ name, path, document }) => {
    const device = shellValue(document, 'Interface') ?? ''
    const connection = shellValue(document, 'Connection') ?? ''
    if (!CONNECTION.test(connection) || !isEthernetName(device)) return []
    const ports = listOf(document, 'BindsToInterfaces').filter((port) => port !== device)
    const [ipv4, ipv6] = [ipv4Of(document), ipv6Of(document)]
    const dns = listOf(document, 'DNS')
    const search = ['DNSSearch', 'DNSDomain'].flatMap((key) =>
      (shellValue(document, key) ?? '').split(/\s+/).filter(Boolean),
    )
    const pins = namePins(tree)
    const mac =
      [device, ...(ports.length === 1 ? ports : [])]
        .map((one) => pins.get(one))
        .find((one) => one !== undefined) ?? canonicalMac(shellValue(document, 'MACAddress'))
    const profile: Profile = {
      dialect: NAME,
      name,
      interfaceName: device,
      file: path,
      ...(mac === undefined ? {} : { mac }),
      ...(ports.length === 0 ? {} : { ports }),
      now: {
        ...(ipv4 ? { ipv4 } : {}),
        ...(ipv6 ? { ipv6 } : {}),
        ...(dns.length > 0 ? { dns } : {}),
        ...(search.length > 0 ? { search } : {}),
      },
      defaultRoute: ipv4?.method === 'dhcp' || ipv4?.gateway !== undefined,
    }
    return [{ profile, vlan: connection === 'vlan' }]
  })
  const owned = new Set(profiles.flatMap(({ profile, vlan }) => (vlan ? [] : (profile.ports ?? []))))
  const carrying = profiles.filter(
    ({ profile }) => profile.now.ipv4 || !owned.has(profile.interfaceName ?? ''),
  )
  const plain = carrying.filter(({ vlan, profile }) => !vlan && (profile.now.ipv4 || profile.now.ipv6))
  return (plain.length > 0 ? plain : carrying).map(({ profile }) => profile)
}

/** Values of an array, or of a single word. */
export function listOf(document: ShellDocument, key: string): string[] {
  const found = assignmentOf(document, key)
  return (found?.elements?.map(({ value }) => value) ?? [found?.value]).filter((one): one is string =>
    Boolean(one),
  )
}

export function ipv4Of(document: ShellDocument): Ipv4Addressing | undefined {
  const method = shellValue(document, 'IP')
  if (method === 'dhcp') return { method }
  const [first] = listOf(document, 'Address')
  const cidr = method === 'static' && first !== undefined ? parseCidr(first) : undefined
  const gateway = shellValue(document, 'Gateway')
  return cidr && { method: 'static', ...cidr, ...(gateway ? { gateway } : {}) }
}

export function ipv6Of(document: ShellDocument): Ipv6Addressing | undefined {
  if (!/^(static|stateless)$/.test(shellValue(document, 'IP6') ?? '')) return undefined
  const cidr = parseCidr6(listOf(document, 'Address6')[0] ?? '')
  const gateway = canonicalIpv6(shellValue(document, 'Gateway6') ?? '')
  return cidr && { ...cidr, ...(gateway === undefined ? {} : { gateway }) }
}
