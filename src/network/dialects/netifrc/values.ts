import { assignmentOf, parseShell, type ShellDocument } from '../../../formats/shell-assignments.ts'
import { removeShellKeys, setShellArray, setShellValue } from '../../../formats/shell-assignments-edit.ts'
import { broadcastOf, type Cidr, formatNetmask, parseCidr, parseIpv4, parseNetmask } from '../../ipv4.ts'
import { parseCidr6 } from '../../ipv6.ts'

/** Variables are named after the interface, whatever is no letter or digit in it an underscore. */
export function variableOf(key: string, name: string): string {
  return `${key}_${name.replace(/[^A-Za-z0-9]/g, '_')}`
}

/**
 * The entries of a variable: the lines of its value, or the words of an array. Undefined if it is not there. A line of
 * nothing but addresses with prefixes holds one entry for each.
 */
export function entriesOf(document: ShellDocument, key: string): string[] | undefined {
  const found = assignmentOf(document, key)
  if (!found) return undefined
  const values = found.elements?.map(({ value }) => value ?? '') ?? [found.value ?? '']
  return values
    .flatMap((value) => value.split('\n'))
    .flatMap((line) => {
      const words = line.trim().split(/\s+/)
      return words.every((word) => word.includes('/') && (parseCidr(word) ?? parseCidr6(word)))
        ? words
        : [line.trim()]
    })
    .filter((line) => line !== '')
}

/** Gives a variable its entries, in the way in which it has them; none takes it out. What it has stays to the byte. */
export function setEntries(
  document: ShellDocument,
  key: string,
  entries: readonly string[],
  after: readonly string[],
): ShellDocument {
  const now = entriesOf(document, key)
  if (now !== undefined && now.join('\n') === entries.join('\n')) return document
  if (entries.length === 0) return removeShellKeys(document, [key])
  if (assignmentOf(document, key)?.elements) return setShellArray(document, key, entries, after)
  if (now) return setShellValue(document, key, entries.join('\n'), after)
  const written = setShellValue(document, key, '', after)
  const place = assignmentOf(written, key)
  if (!place) return written
  const { text, file } = written
  return parseShell(`${text.slice(0, place.valueStart)}"${entries.join('\n')}"${text.slice(place.end)}`, file)
}

/** The IPv4 address of an entry: "a/p …", or "a netmask m …". */
export function cidrOf(entry: string): Cidr | undefined {
  const [first = '', ...words] = entry.split(/\s+/)
  if (first.includes('/')) return parseCidr(first)
  const prefix = parseNetmask(words[words.indexOf('netmask') + 1] ?? '')
  return words.includes('netmask') && prefix !== undefined && parseIpv4(first) !== undefined
    ? { address: first, prefix }
    : undefined
}

/** An entry with another address in its own style; a broadcast address that is no longer right goes. */
export function withAddress(entry: string | undefined, want: Cidr): string {
  const [first = '', ...words] = entry?.split(/\s+/) ?? []
  const mask = words.indexOf('netmask')
  const styled = mask >= 0 && !first.includes('/')
  const rest = words.map((word, i) => (styled && i === mask + 1 ? formatNetmask(want.prefix) : word))
  const stale = rest.findIndex((word) => /^(brd|broadcast)$/.test(word))
  const right = stale < 0 || /^(\+|-)$/.test(rest[stale + 1] ?? '') || rest[stale + 1] === broadcastOf(want)
  const kept = right ? rest : rest.filter((_, i) => i !== stale && i !== stale + 1)
  return [styled ? want.address : `${want.address}/${want.prefix}`, ...kept].join(' ')
}

/** The gateway of a default route entry, of either family. */
export function gatewayIn(entry: string): string | undefined {
  return /^(?:default|0\.0\.0\.0\/0|::\/0)\s+(?:via|gw)\s+(\S+)/.exec(entry)?.[1]
}
