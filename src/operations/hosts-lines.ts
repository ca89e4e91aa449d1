import { isIP } from 'node:net'
import type { HostsDocument, HostsLine } from '../formats/hosts.ts'
import { isLocalhost } from '../identity/hostname.ts'
import type { Identity } from '../identity/identity.ts'
import type { HostsEntry } from '../identity/request.ts'
import type { NicAddressing } from '../network/model.ts'
import type { Renaming } from './guest-name.ts'

/** What a NIC's address was and will be; `to` is undefined where DHCP will tell. */
export interface AddressChange {
  readonly from?: string
  readonly to?: string
}

/** The static IPv4 address of an addressing, if it has one. */
export function addressOf({ ipv4 }: NicAddressing): string | undefined {
  return ipv4?.method === 'static' ? ipv4.address : undefined
}

/** The addresses that change, NIC by NIC. */
export function addressChanges(identity: Identity): AddressChange[] {
  return identity.nics.flatMap(({ profile, addressing }) => {
    const from4 = profile && addressOf(profile.now)
    const to4 = addressOf(addressing)
    const from6 = profile?.now.ipv6?.address
    const to6 = addressing.ipv6?.address
    return [
      ...(addressing.ipv4 === undefined ? [] : [change(from4, to4)]),
      ...(to6 === undefined ? [] : [change(from6, to6)]),
    ]
  })
}

function change(from: string | undefined, to: string | undefined): AddressChange {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

/** Puts the new name in place of the old one; a domain that the old one had not goes before the short name. */
export function nameLines(
  doc: HostsDocument,
  { old, next: { short, fqdn }, rename }: Renaming,
): HostsDocument {
  const domain = old?.fqdn === undefined ? fqdn : undefined
  return doc.edit(({ names }) => {
    const given = names.some((name) => name.toLowerCase() === domain)
    const full = (name: string): string =>
      domain !== undefined && !given && [old?.short, short].includes(name.toLowerCase())
        ? `${domain} ${short}`
        : rename(name)
    return { rename: (name) => (isLocalhost(name) ? name : full(name)) }
  })
}

/**
 * Puts new addresses in place of old ones; 127.0.1.1, which always means the machine itself, where DHCP will tell.
 * A line that gives the clone's own name an address which no NIC has any longer gets the first new one.
 * `others`: addresses that lines may have: what the guest's NICs had, what --hosts says.
 */
export function moveAddresses(
  doc: HostsDocument,
  changes: readonly AddressChange[],
  own: readonly string[],
  others: readonly string[],
): HostsDocument {
  const primary = changes.find(({ to }) => isIP(to ?? '') === 4)?.to
  const theirs = new Set([...others, ...changes.flatMap(({ to }) => to ?? [])])
  const moved = new Set<number>()
  const next = doc.edit(({ index, address, names }) => {
    const change = changes.find(({ from }) => from === address)
    const ours = isOwn(names, own)
    const stale = isIP(address) === 4 && !address.startsWith('127.') && !theirs.has(address)
    const to = change ? (change.to ?? '127.0.1.1') : ours && stale ? primary : undefined
    if (to === undefined || to === address) return undefined
    moved.add(index)
    return { address: to }
  })
  return moved.size === 0 ? next : withoutTwins(next, moved)
}

/** Takes out moved lines that say what another line says already. */
function withoutTwins(doc: HostsDocument, moved: ReadonlySet<number>): HostsDocument {
  const entries = doc.entries()
  const seen = new Set(entries.filter(({ index }) => !moved.has(index)).map(mapping))
  return doc.edit((line) => {
    if (!moved.has(line.index)) return undefined
    if (seen.has(mapping(line))) return 'remove'
    seen.add(mapping(line))
    return undefined
  })
}

function mapping({ address, names }: HostsLine): string {
  return [address, ...names].join(' ').toLowerCase()
}

/** Adds an entry, or corrects the line that has its name: afterwards each of its names stands on one line of its family. */
export function mapEntry(doc: HostsDocument, { address, names }: HostsEntry): HostsDocument {
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  const has = (name: string): boolean => wanted.has(name.toLowerCase())
  const hosts = new Set(names.map(label))
  const family = isIP(address)
  const ours = (line: HostsLine): boolean => line.names.some(has) && isIP(line.address) === family
  const same = (line: HostsLine): boolean => line.names.every((name) => hosts.has(label(name)))
  const lines = doc.entries().filter(ours)
  const home = lines.find((line) => line.address === address) ?? lines.find(same)
  const next = doc.edit((line) => {
    if (!ours(line)) return undefined
    if (line.index === home?.index) {
      const present = new Set(line.names.map((name) => name.toLowerCase()))
      return { address, add: names.filter((name) => !present.has(name.toLowerCase())) }
    }
    return line.names.every(has) ? 'remove' : { rename: (name) => (has(name) ? undefined : name) }
  })
  return home === undefined ? next.insert(address, names) : next
}

function label(name: string): string {
  return name.toLowerCase().replace(/\..*$/, '')
}

function isOwn(names: readonly string[], own: readonly string[]): boolean {
  return names.some((name) => own.includes(name.toLowerCase())) && !names.some(isLocalhost)
}
