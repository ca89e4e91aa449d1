import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { hostnameOf } from '../../identity/hostname.ts'
import { formatVmxUuid, productUuid, uuidBytes } from '../../identity/uuid.ts'
import { canonicalIpv6 } from '../../network/ipv6.ts'
import { type Change, idsAt } from '../../transaction/change.ts'
import type { IdentityCard } from '../report.ts'
import type { OldKind } from './types.ts'

/** Something that told the old machine from others and that the clone does not keep. */
export interface OldValue {
  readonly what: OldKind
  readonly value: string
  /** In lower case, all the ways in which a file may write it. */
  readonly spellings: readonly string[]
  /** Finds it in a line in lower case, as a whole token. */
  readonly pattern: RegExp
}

/** From this hardware version on a guest sees its UUID otherwise than the .vmx has it. */
const SWAPPED = 13

/** What the machine had (`was`) and the clone has no more (`is`). Pure. */
export function oldValues(was: IdentityCard, is: IdentityCard): OldValue[] {
  const kept = new Set(
    is.nics.flatMap(({ mac, ipv4, ipv6, gateway, dns }) => [
      mac,
      addressOf(ipv4),
      addressOf(ipv6),
      gateway,
      ...dns,
    ]),
  )
  const gone = (values: readonly (string | undefined)[]): string[] =>
    [...new Set(values)].filter((value): value is string => value !== undefined && !kept.has(value))
  return [
    ...gone(was.nics.map(({ ipv4 }) => addressOf(ipv4)))
      .filter((address) => isIPv4(address))
      .map(oldIpv4),
    ...gone(was.nics.map(({ ipv6 }) => addressOf(ipv6))).flatMap(oldIpv6),
    ...gone(was.nics.map(({ mac }) => mac)).map(oldMac),
    ...oldNames(was.hostname, is.hostname),
    ...(was.machineId === is.machineId ? [] : oldMachineId(was.machineId)),
    ...(was.uuid === undefined || was.uuid === is.uuid ? [] : [oldUuid(was.uuid)]),
  ]
}

function addressOf(text: string | undefined): string | undefined {
  return text?.replace(/\/.*$/, '')
}

function oldIpv4(value: string): OldValue {
  return oldValue('ipv4', value, [value], ['(?<!\\d|\\d\\.)', '(?!\\d|\\.\\d)'])
}

function oldIpv6(value: string): OldValue[] {
  const canonical = canonicalIpv6(value)
  if (canonical === undefined) return []
  const address = ipaddr.IPv6.parse(canonical)
  const full = address.parts.map((part) => part.toString(16).padStart(4, '0')).join(':')
  const spellings = [canonical, address.toNormalizedString(), full]
  return [oldValue('ipv6', value, spellings, ['(?<![0-9a-f]|[0-9a-f:]:)', '(?![0-9a-f]|:[0-9a-f:])'])]
}

/** In a DUID or behind BOOTIF's type it names the machine too; a longer address that begins alike does not. */
function oldMac(value: string): OldValue {
  const digits = value.toLowerCase().replaceAll(':', '')
  const by = (size: number, separator: string): string =>
    (digits.match(new RegExp(`.{${size}}`, 'g')) ?? []).join(separator)
  const spellings = [by(2, ':'), by(2, '-'), by(4, '.'), digits]
  return oldValue('mac', value, spellings, ['(?<![0-9a-f])', '(?![0-9a-f]|[:-][0-9a-f]{2}(?![0-9a-f]))'])
}

/** A name is one of letters, digits and "-"; the last part of a longer name is another machine's. */
const NAME_STARTS = '(?<![a-z0-9\\x80-\\xff-]|[a-z0-9]\\.)'
const NAME_ENDS = '(?![a-z0-9\\x80-\\xff-])'

function oldNames(was: string | undefined, is: string | undefined): OldValue[] {
  if (was === undefined) return []
  const { short, fqdn } = hostnameOf(was)
  const now = is === undefined ? undefined : hostnameOf(is)
  const ends = `${NAME_ENDS}(?!\\.[a-z0-9])`
  // Where the whole name stands it is found by itself.
  const alone = fqdn === undefined ? '' : `(?!${escaped(fqdn.slice(short.length))}${ends})`
  return [
    ...(fqdn === undefined || fqdn === now?.fqdn
      ? []
      : [oldValue('hostname', fqdn, [fqdn], [NAME_STARTS, ends])]),
    ...(short === now?.short ? [] : [oldValue('hostname', short, [short], [NAME_STARTS, NAME_ENDS + alone])]),
  ]
}

const ID_EDGES = ['(?<![0-9a-z])', '(?![0-9a-z])'] as const

function oldMachineId(value: string | undefined): OldValue[] {
  if (value === undefined || !/^[0-9a-f]{32}$/i.test(value)) return []
  const digits = value.toLowerCase()
  const dashed = digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  return [oldValue('machine-id', value, [digits, dashed], ID_EDGES)]
}

function oldUuid(value: string): OldValue {
  const both = [value, productUuid(value, SWAPPED)]
  const spellings = [
    ...both,
    ...both.map((uuid) => uuid.replaceAll('-', '')),
    formatVmxUuid(uuidBytes(value)),
  ]
  return oldValue('uuid', value, spellings, ID_EDGES)
}

/** Of what the plan gives new ids to. A partition's is longer where it hangs on its disk's. */
export function oldStorageIds(changes: readonly Change[]): OldValue[] {
  const ids = idsAt('storage', changes).map(({ before }) => before)
  return [...new Set(ids)].map((id) => {
    // GRUB and LVM leave the dashes out of what are 32 digits; the shorter ids would be any number then.
    const bare = id.replaceAll('-', '')
    return oldValue('storage-id', id, bare.length === 32 ? [id, bare] : [id], ID_EDGES)
  })
}

function oldValue(
  what: OldKind,
  value: string,
  spellings: readonly string[],
  [starts, ends]: readonly [string, string],
): OldValue {
  const all = [...new Set(spellings.map((one) => one.toLowerCase()))]
  return {
    what,
    value,
    spellings: all,
    pattern: new RegExp(`${starts}(?:${all.map(escaped).join('|')})${ends}`),
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
