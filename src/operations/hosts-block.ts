import { isIP } from 'node:net'
import type { ByteText } from '../formats/bytes.ts'
import type { HostsDocument } from '../formats/hosts.ts'
import { joinLines, type Line, lineEndOf, splitLines } from '../formats/lines.ts'
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
): ByteText {
  const lines = splitLines(text)
  const end = lineEndOf(lines)
  const body = entries.length === 0 ? '' : `${BEGIN}${end}${blockOf(entries).text(end, own)}${END}${end}`
  const at = lines.findIndex((line) => line.text === BEGIN)
  const before = joinLines(at < 0 ? lines : lines.slice(0, at))
  const gap = body === '' || before === '' || before.endsWith('\n') ? '' : end
  return before + gap + body + (at < 0 ? '' : joinLines(lines.slice(at + 1)))
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
  text(end: string, without: ReadonlySet<HostsEntry>): ByteText
  /** Address by family and name in lower case. */
  readonly addresses: ReadonlyMap<string, string>
  readonly named: ReadonlyMap<string, readonly HostsEntry[]>
}

const blocks = new WeakMap<readonly HostsEntry[], Block>()

function blockOf(entries: readonly HostsEntry[]): Block {
  const known = blocks.get(entries)
  if (known !== undefined) return known
  const addresses = new Map<string, string>()
  const named = new Map<string, HostsEntry[]>()
  const offsets = new Map<HostsEntry, readonly [start: number, end: number]>()
  let text = ''
  for (const entry of entries) {
    const start = text.length
    text += `${entry.address}\t${entry.names.join(' ')}\n`
    offsets.set(entry, [start, text.length])
    for (const name of entry.names.map((one) => one.toLowerCase())) {
      const key = keyOf(isIP(entry.address), name)
      if (!addresses.has(key)) addresses.set(key, entry.address)
      named.set(name, [...(named.get(name) ?? []), entry])
    }
  }
  const block: Block = {
    addresses,
    named,
    text(end, without) {
      const holes = [...without]
        .flatMap((entry) => [offsets.get(entry) ?? []])
        .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
      let rest = ''
      let done = 0
      for (const [start = 0, stop = 0] of holes) {
        rest += text.slice(done, start)
        done = stop
      }
      const whole = rest + text.slice(done)
      return end === '\n' ? whole : whole.replaceAll('\n', end)
    },
  }
  blocks.set(entries, block)
  return block
}

function keyOf(family: number, name: string): string {
  return `${family} ${name.toLowerCase()}`
}
