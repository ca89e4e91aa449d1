import type { ByteText } from './bytes.ts'
import { joinLines, type Line, lineEndOf, splitLines } from './lines.ts'

/** One line of a hosts file that maps an address; where it stands, and its names as written. */
export interface HostsLine {
  readonly index: number
  readonly address: string
  readonly names: readonly string[]
}

/** What is to happen to a line. `rename` returns another name, or undefined to take it out; `add` stands before a comment. */
export type HostsEdit =
  | 'remove'
  | {
      readonly address?: string
      readonly rename?: (name: string) => string | undefined
      readonly add?: readonly string[]
    }

/** A line and what it maps, read once for all documents that have it. */
interface ReadLine extends Line {
  readonly maps?: Pick<HostsLine, 'address' | 'names'>
}

/** A hosts file (hosts(5)): immutable, lossless. An edit touches only the words it is about. */
export class HostsDocument {
  readonly #lines: readonly ReadLine[]

  private constructor(lines: readonly ReadLine[]) {
    this.#lines = lines
  }

  static parse(text: ByteText): HostsDocument {
    return new HostsDocument(splitLines(text).map(({ text: line, end }) => read(line, end)))
  }

  print(): ByteText {
    return joinLines(this.#lines)
  }

  /** The lines that map an address, in file order. */
  entries(): HostsLine[] {
    const entries: HostsLine[] = []
    for (const [index, { maps }] of this.#lines.entries()) if (maps) entries.push({ index, ...maps })
    return entries
  }

  /** Edits every line that maps an address, in one pass; what `edit` returns nothing for stays. */
  edit(edit: (line: HostsLine) => HostsEdit | undefined): HostsDocument {
    let edits = false
    const lines = this.#lines.flatMap((line, index) => {
      const change = line.maps && edit({ index, ...line.maps })
      const text = change === 'remove' ? undefined : change && edited(line.text, change)
      if (change === undefined || text === line.text) return [line]
      edits = true
      return text === undefined ? [] : [read(text, line.end)]
    })
    return edits ? new HostsDocument(lines) : this
  }

  /** Adds a line before the line `index`, at the end without it, spaced as the file's first entry is. */
  insert(address: string, names: readonly string[], index: number = this.#lines.length): HostsDocument {
    const end = lineEndOf(this.#lines)
    const before = this.#lines
      .slice(0, index)
      .map((line, i) => (i === index - 1 && line.end === '' ? { ...line, end } : line))
    const added = read(address + this.#gapAfter(address) + names.join(' '), end)
    return new HostsDocument([...before, added, ...this.#lines.slice(index)])
  }

  #gapAfter(address: string): string {
    for (const { text } of this.#lines) {
      const [first, second] = words(text)
      if (first === undefined || second === undefined) continue
      const gap = text.slice(first.end, second.start)
      return gap.includes('\t')
        ? '\t'
        : / {2,}/.test(gap)
          ? pad(gap, first.text.length - address.length)
          : ' '
    }
    return '\t'
  }
}

function read(text: ByteText, end: string): ReadLine {
  const [address, ...names] = mapping(text).match(WORD) ?? []
  return address === undefined ? { text, end } : { text, end, maps: { address, names } }
}

function edited(text: string, { address, rename, add = [] }: Exclude<HostsEdit, 'remove'>): string {
  let next = text
  if (add.length > 0) next = withNames(next, add)
  if (rename !== undefined) next = renamed(next, rename)
  return address === undefined ? next : readdressed(next, address)
}

/** A second column aligned by blanks stays where it is, if there is room. */
function readdressed(text: string, address: string): string {
  const [old, next] = words(text)
  if (old === undefined || old.text === address) return text
  const gap = next === undefined ? '' : text.slice(old.end, next.start)
  const kept = / {2,}/.test(gap) && !gap.includes('\t') ? pad(gap, old.text.length - address.length) : gap
  return text.slice(0, old.start) + address + kept + text.slice(old.end + gap.length)
}

function renamed(text: string, rename: (name: string) => string | undefined): string {
  let result = ''
  let done = 0
  for (const word of words(text).slice(1)) {
    const name = rename(word.text)
    if (name === word.text) continue
    result +=
      name === undefined ? text.slice(done, word.start).trimEnd() : text.slice(done, word.start) + name
    done = word.end
  }
  return result + text.slice(done)
}

function withNames(text: string, names: readonly string[]): string {
  const end = words(text).at(-1)?.end ?? 0
  const glue = text.slice(0, end).includes(' ') ? ' ' : '\t'
  return text.slice(0, end) + glue + names.join(glue) + text.slice(end)
}

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

const WORD = /[^ \t\r\v\f]+/g

/** A line without its comment. */
function mapping(line: string): string {
  const hash = line.indexOf('#')
  return hash < 0 ? line : line.slice(0, hash)
}

function words(line: string): Word[] {
  return [...mapping(line).matchAll(WORD)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }))
}

function pad(gap: string, by: number): string {
  return ' '.repeat(Math.max(1, gap.length + by))
}
