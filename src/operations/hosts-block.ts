import { isIP } from 'node:net'
import { type ByteText, fromByteText, toByteText } from '../formats/bytes.ts'
import type { HostsDocument } from '../formats/hosts.ts'
import { lineFeedsIn, withLineFeeds } from '../formats/line-feeds.ts'
import { joinLines, type Line, lineEndOf, linesHolding, splitLines } from '../formats/lines.ts'
import type { GuestTree } from '../guest/tree.ts'
import type { HostsEntry } from '../identity/request.ts'

const BEGIN = '# vmclone-fix batch: begin'
const END = '# vmclone-fix batch: end'

/**
 * Takes the block of an earlier batch out, and leaves its first line where it stood: to all edits a comment. A mark without
 * its partner goes, and what follows it counts as the user's lines.
 */
export function liftBlock(text: ByteText): ByteText {
  if (!text.includes('# vmclone-fix batch: ')) return text
  const lines = splitLines(text)
  const out: Line[] = []
  let begun: number | undefined
  let lifted = false
  for (const line of lines) {
    const mark = line.text.trimEnd()
    if (mark === BEGIN) {
      begun = out.length
    } else if (mark === END) {
      if (begun !== undefined) {
        out.splice(begun, out.length, ...(lifted ? [] : [{ text: BEGIN, end: line.end }]))
        lifted = true
      }
      begun = undefined
    } else {
      out.push(line)
    }
  }
  return joinLines(out)
}

/** The text with the block, less the entries of `own` lines: where an earlier one stood, else at the end. */
export function placeBlock(
  text: ByteText,
  entries: readonly HostsEntry[],
  own: ReadonlySet<HostsEntry>,
): Uint8Array {
  const lines = splitLines(text)
  const end = lineEndOf(lines)
  const at = lines.findIndex((line) => line.text === BEGIN)
  const before = joinLines(at < 0 ? lines : lines.slice(0, at))
  const after = at < 0 ? '' : joinLines(lines.slice(at + 1))
  if (entries.length === 0) return fromByteText(before + after)
  const gap = before === '' || before.endsWith('\n') ? '' : end
  const head = fromByteText(`${before}${gap}${BEGIN}${end}`)
  const tail = fromByteText(`${END}${end}${after}`)
  const feeds = lineFeedsIn(head) + entries.length - own.size + lineFeedsIn(tail)
  const bytes = withLineFeeds(Buffer.concat([head, ...blockOf(entries).bytes(end, own), tail]), feeds)
  composed.set(bytes, { before: before + gap, entries, own, after })
  return bytes
}

/** Of which parts a hosts file was made. */
interface Composed {
  readonly before: ByteText
  readonly entries: readonly HostsEntry[]
  readonly own: ReadonlySet<HostsEntry>
  readonly after: ByteText
}

const composed = new WeakMap<Uint8Array, Composed>()

/** The lines of a guest's hosts file that may have one of these words, in lower case, for a name or address; the rest may be thousands. */
export function hostsNaming(tree: GuestTree, words: readonly string[]): ByteText {
  const content = tree.file('/etc/hosts')?.content
  if (content === undefined) return ''
  const parts = composed.get(content)
  if (parts === undefined) return linesHolding(toByteText(content), words)
  const { named } = blockOf(parts.entries)
  const block = words
    .flatMap((word) => named.get(word) ?? [])
    .filter((entry) => !parts.own.has(entry))
    .map((entry) => lineOf(entry))
  return [linesHolding(parts.before, words), ...block, linesHolding(parts.after, words)].join('')
}

/**
 * Lines that give a name of the block another address than the block does: those that speak of that machine follow it, with
 * all their names; others lose the name. Loopback addresses are somebody's wish and stay, and so do names of `own`.
 */
export function followBlock(
  doc: HostsDocument,
  entries: readonly HostsEntry[],
  own: readonly string[],
): HostsDocument {
  const { addresses } = blockOf(entries)
  return doc.edit(({ address, names }) => {
    const family = isIP(address)
    if (family === 0 || address.startsWith('127.') || address === '::1') return undefined
    const wrong = names.filter((name) => {
      const to = addresses.get(keyOf(family, name))
      return to !== undefined && to !== address && !own.includes(name.toLowerCase())
    })
    if (wrong.length === 0) return undefined
    const [first = ''] = names
    if (wrong.includes(first)) return { address: addresses.get(keyOf(family, first)) as string }
    return wrong.length === names.length
      ? 'remove'
      : { rename: (name) => (wrong.includes(name) ? undefined : name) }
  })
}

/** The block's entries that say what a line of the file, in the same family, says of one of the clone's own names. */
export function ownEntries(
  doc: HostsDocument,
  entries: readonly HostsEntry[],
  own: readonly string[],
): ReadonlySet<HostsEntry> {
  const { named } = blockOf(entries)
  const found = own.flatMap((name) => named.get(name) ?? [])
  if (found.length === 0) return new Set()
  const families = new Set(
    doc
      .entries()
      .filter(({ names }) => names.some((name) => own.includes(name.toLowerCase())))
      .map(({ address }) => isIP(address)),
  )
  return new Set(found.filter(({ address }) => families.has(isIP(address))))
}

/** What is made once of the entries that all clones of a batch share. */
interface Block {
  /** Its lines in pieces. */
  bytes(end: string, without: ReadonlySet<HostsEntry>): Uint8Array[]
  /** Address by family and name in lower case. */
  readonly addresses: ReadonlyMap<string, string>
  /** Entries by name in lower case, and by address. */
  readonly named: ReadonlyMap<string, readonly HostsEntry[]>
}

const blocks = new WeakMap<readonly HostsEntry[], Block>()

function blockOf(entries: readonly HostsEntry[]): Block {
  const known = blocks.get(entries)
  if (known !== undefined) return known
  const addresses = new Map<string, string>()
  const named = new Map<string, HostsEntry[]>()
  for (const entry of entries) {
    const add = (word: string): unknown => named.set(word, [...(named.get(word) ?? []), entry])
    add(entry.address)
    for (const name of entry.names.map((one) => one.toLowerCase())) {
      const key = keyOf(isIP(entry.address), name)
      if (!addresses.has(key)) addresses.set(key, entry.address)
      add(name)
    }
  }
  const written = new Map<string, Written>()
  const block: Block = {
    addresses,
    named,
    bytes(end, without) {
      const { all, offsets } = written.get(end) ?? write(entries, end)
      written.set(end, { all, offsets })
      const holes = [...without]
        .flatMap((entry) => [offsets.get(entry) ?? []])
        .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
      const pieces: Uint8Array[] = []
      let done = 0
      for (const [start = 0, stop = 0] of holes) {
        pieces.push(all.subarray(done, start))
        done = stop
      }
      return [...pieces, all.subarray(done)]
    },
  }
  blocks.set(entries, block)
  return block
}

/** The lines of a block, and where each stands in them. */
interface Written {
  readonly all: Uint8Array
  readonly offsets: ReadonlyMap<HostsEntry, readonly [start: number, end: number]>
}

function write(entries: readonly HostsEntry[], end: string): Written {
  const offsets = new Map<HostsEntry, readonly [start: number, end: number]>()
  let text = ''
  for (const entry of entries) {
    const start = text.length
    text += lineOf(entry, end)
    offsets.set(entry, [start, text.length])
  }
  return { all: fromByteText(text), offsets }
}

function lineOf({ address, names }: HostsEntry, end = '\n'): ByteText {
  return `${address}\t${names.join(' ')}${end}`
}

function keyOf(family: number, name: string): string {
  return `${family} ${name.toLowerCase()}`
}
