import type { ByteText } from './bytes.ts'
import { joinLines, type Line, lineEndOf, splitLines } from './lines.ts'

/** One line of a hosts file that maps an address; where it stands, and its names as written. */
export interface HostsLine {
  readonly index: number
  readonly address: string
  readonly names: readonly string[]
}

/** A hosts file (hosts(5)): immutable, lossless. An edit touches only the words it is about. */
export class HostsDocument {
  readonly #lines: readonly Line[]

  private constructor(lines: readonly Line[]) {
    this.#lines = lines
  }

  static parse(text: ByteText): HostsDocument {
    return new HostsDocument(splitLines(text))
  }

  print(): ByteText {
    return joinLines(this.#lines)
  }

  /** The lines that map an address, in file order. */
  entries(): HostsLine[] {
    return this.#lines.flatMap((line, index) => {
      const [address, ...names] = words(line.text)
      return address === undefined ? [] : [{ index, address: address.text, names: names.map((n) => n.text) }]
    })
  }

  /** Gives a line another address; a second column aligned by blanks stays where it is, if there is room. */
  setAddress(index: number, address: string): HostsDocument {
    const text = this.#text(index)
    const [old, next] = words(text)
    if (old === undefined || old.text === address) return this
    const gap = next === undefined ? '' : text.slice(old.end, next.start)
    const kept = / {2,}/.test(gap) && !gap.includes('\t') ? pad(gap, old.text.length - address.length) : gap
    return this.#with(index, text.slice(0, old.start) + address + kept + text.slice(old.end + gap.length))
  }

  /** Puts other names in place of a line's names: `rename` returns the new name, or undefined to take it out. */
  mapNames(index: number, rename: (name: string) => string | undefined): HostsDocument {
    const text = this.#text(index)
    let result = ''
    let done = 0
    for (const word of words(text).slice(1)) {
      const name = rename(word.text)
      if (name === word.text) continue
      result +=
        name === undefined ? text.slice(done, word.start).trimEnd() : text.slice(done, word.start) + name
      done = word.end
    }
    return done === 0 ? this : this.#with(index, result + text.slice(done))
  }

  /** Appends names to a line, before its comment. */
  addNames(index: number, names: readonly string[]): HostsDocument {
    const text = this.#text(index)
    const last = words(text).at(-1)
    if (last === undefined || names.length === 0) return this
    const glue = text.slice(0, last.end).includes(' ') ? ' ' : '\t'
    return this.#with(index, text.slice(0, last.end) + glue + names.join(glue) + text.slice(last.end))
  }

  remove(index: number): HostsDocument {
    return new HostsDocument(this.#lines.filter((_, i) => i !== index))
  }

  /** Adds a line before the line `index`, at the end without it, spaced as the file's first entry is. */
  insert(address: string, names: readonly string[], index: number = this.#lines.length): HostsDocument {
    const end = lineEndOf(this.#lines)
    const before = this.#lines
      .slice(0, index)
      .map((line, i) => (i === index - 1 && line.end === '' ? { ...line, end } : line))
    const added = { text: address + this.#gapAfter(address) + names.join(' '), end }
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

  #text(index: number): string {
    return this.#lines[index]?.text ?? ''
  }

  #with(index: number, text: string): HostsDocument {
    return new HostsDocument(this.#lines.map((line, i) => (i === index ? { ...line, text } : line)))
  }
}

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

function words(line: string): Word[] {
  const hash = line.indexOf('#')
  const code = hash < 0 ? line : line.slice(0, hash)
  return [...code.matchAll(/[^ \t\r\v\f]+/g)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }))
}

function pad(gap: string, by: number): string {
  return ' '.repeat(Math.max(1, gap.length + by))
}
