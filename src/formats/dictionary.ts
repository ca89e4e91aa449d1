import type { ByteText } from './bytes.ts'
import { escapeValue, unescapeValue } from './dictionary-escape.ts'
import { type DictionaryLine, lower, parseLine, splitLines } from './dictionary-line.ts'

const NAME = /^[^\0 \t#=\r\n\x80-\xff]+$/
/** A line of a shorter document is found as quickly without an index as one is made. */
const SHORT = 256
const BARE = /^[^\0 \t#"\r\n]+$/

/**
 * VMware's dictionary format (.vmx, .vmsd, preferences, netmap.conf): immutable, lossless, any bytes.
 * Names are compared without regard to the case of ASCII letters; of several lines with one name the first counts.
 */
export class Dictionary {
  readonly lines: readonly DictionaryLine[]
  /** The first line of each name, by key; made when it is first asked for. */
  #first: ReadonlyMap<ByteText, DictionaryLine> | undefined

  private constructor(lines: readonly DictionaryLine[]) {
    this.lines = lines
  }

  static parse(text: ByteText): Dictionary {
    return new Dictionary(splitLines(text).map(({ body, eol }) => parseLine(body, eol)))
  }

  print(): ByteText {
    return this.lines.map((line) => line.body + line.eol).join('')
  }

  /** Value bytes of the first line with this name, escapes undone. */
  get(name: string): ByteText | undefined {
    const line = this.#line(lower(name))
    return line && decodedValue(line)
  }

  /**
   * Puts value bytes at the first line with this name, or at a new last line; later lines with it go.
   * `escaped` is how they are to be written, where escapeValue(value) is not it.
   */
  set(name: string, value: ByteText, escaped: ByteText = escapeValue(value)): Dictionary {
    if (!NAME.test(name)) throw new TypeError(`${JSON.stringify(name)} cannot be a dictionary name`)
    const key = lower(name)
    const first = this.lines.findIndex((line) => line.key === key)
    if (first < 0) return new Dictionary(append(this.lines, `${name} = "${escaped}"`))
    const lines = this.lines.filter((line, i) => i <= first || line.key !== key)
    const line = this.lines[first] as DictionaryLine
    if (decodedValue(line) !== value) lines[first] = edited(line, escaped)
    else if (lines.length === this.lines.length) return this
    return new Dictionary(lines)
  }

  /** Takes out every line with this name. */
  remove(name: string): Dictionary {
    const key = lower(name)
    const lines = this.lines.filter((line) => line.key !== key)
    return lines.length === this.lines.length ? this : new Dictionary(lines)
  }

  #line(key: ByteText): DictionaryLine | undefined {
    if (this.lines.length <= SHORT) return this.lines.find((line) => line.key === key)
    this.#first ??= firstByKey(this.lines)
    return this.#first.get(key)
  }
}

function firstByKey(lines: readonly DictionaryLine[]): Map<ByteText, DictionaryLine> {
  const first = new Map<ByteText, DictionaryLine>()
  for (const line of lines) if (line.key !== undefined && !first.has(line.key)) first.set(line.key, line)
  return first
}

function decodedValue(line: DictionaryLine): ByteText {
  return unescapeValue(valueText(line))
}

function valueText(line: DictionaryLine): ByteText {
  const { start, end } = line.value ?? { start: 0, end: 0 }
  const raw = line.body.slice(start, end)
  return raw.startsWith('"') ? raw.slice(1, -1) : raw
}

function edited({ body, eol, value }: DictionaryLine, escaped: ByteText): DictionaryLine {
  const { start, end } = value ?? { start: body.length, end: body.length }
  // VMware ignores a quoted .virtualSSD, so what was bare stays bare where the grammar allows it.
  const bare = start < end && body[start] !== '"' && BARE.test(escaped)
  const text = bare ? escaped : `"${escaped}"`
  return parseLine(`${body.slice(0, start)}${start === end ? ' ' : ''}${text}${body.slice(end)}`, eol)
}

function append(lines: readonly DictionaryLine[], body: ByteText): DictionaryLine[] {
  const eol = lines.find((line) => line.eol !== '')?.eol ?? '\n'
  const last = lines.at(-1)
  const before = last && last.eol === '' ? lines.with(-1, { ...last, eol }) : lines
  return [...before, parseLine(body, eol)]
}
