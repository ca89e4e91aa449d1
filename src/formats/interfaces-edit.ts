import type { ByteText } from './bytes.ts'
import {
  documentOf,
  type InterfacesDocument,
  type InterfacesOption,
  parseLines,
  type Stanza,
  trimBlanks,
} from './interfaces.ts'

/**
 * Edits of one stanza, named by its ordinal in `stanzas`; all other lines keep their bytes.
 * New lines take the stanza's own indent and line end.
 */

/** Replaces a word of an `iface` header; 0 is the first after the keyword. */
export function setHeaderWord(
  document: InterfacesDocument,
  ordinal: number,
  word: number,
  value: string,
): InterfacesDocument {
  const stanza = stanzaAt(document, ordinal)
  if (stanza.words[word] === value) return document
  const raw = rawAt(document, stanza.header)
  const parts = raw.includes('\\\n') ? undefined : raw.split(/([\t-\r ]+)/)
  const first = parts?.indexOf(stanza.keyword) ?? -1
  if (parts && first >= 0) {
    parts[first + 2 * (word + 1)] = value
    return splice(document, stanza.header, 1, parts.join(''))
  }
  const words = stanza.words.map((old, i) => (i === word ? value : old))
  const line = indentOf(raw) + [stanza.keyword, ...words].join(' ')
  return splice(document, stanza.header, 1, line + endOf(raw))
}

/**
 * Gives an option its value: in the first line that has it (later ones go), or in a new line behind the last of the
 * options `after` that is there, or behind the header.
 */
export function setOption(
  document: InterfacesDocument,
  ordinal: number,
  name: string,
  value: string,
  after: readonly string[] = [],
): InterfacesDocument {
  const stanza = stanzaAt(document, ordinal)
  const [first, ...others] = stanza.options.filter((option) => option.name === name)
  if (!first) {
    const anchors = stanza.options.filter((option) => after.includes(option.name))
    const line = `${optionIndent(document, stanza)}${name} ${value}`
    return insertLine(document, anchors.at(-1)?.index ?? stanza.header, line)
  }
  const trimmed = removeLines(document, others)
  if (first.value === value) return trimmed
  return splice(trimmed, first.index, 1, withValue(rawAt(document, first.index), name, value))
}

/** Adds a line behind the header, whatever other lines of this option there are. */
export function addOption(
  document: InterfacesDocument,
  ordinal: number,
  name: string,
  value: string,
): InterfacesDocument {
  const stanza = stanzaAt(document, ordinal)
  return insertLine(document, stanza.header, `${optionIndent(document, stanza)}${name} ${value}`)
}

/** Takes out every line of these options, or those of them that have this value. */
export function removeOptions(
  document: InterfacesDocument,
  ordinal: number,
  names: readonly string[],
  value?: string,
): InterfacesDocument {
  const { options } = stanzaAt(document, ordinal)
  return removeLines(
    document,
    options.filter(
      (option) => names.includes(option.name) && (value === undefined || option.value === value),
    ),
  )
}

/** Adds a stanza behind this one, a blank line between. */
export function addStanza(
  document: InterfacesDocument,
  ordinal: number,
  header: string,
  options: readonly string[],
): InterfacesDocument {
  const stanza = stanzaAt(document, ordinal)
  const indent = optionIndent(document, stanza)
  const last = stanza.options.at(-1)?.index ?? stanza.header
  return ['', header, ...options.map((option) => indent + option)].reduce(
    (next, line, i) => insertLine(next, last + i, line),
    document,
  )
}

function stanzaAt(document: InterfacesDocument, ordinal: number): Stanza {
  const stanza = document.stanzas[ordinal]
  if (!stanza) throw new RangeError(`no stanza ${ordinal}`)
  return stanza
}

function rawAt(document: InterfacesDocument, index: number): string {
  return document.lines[index]?.raw ?? ''
}

function withValue(raw: string, name: string, value: string): string {
  if (raw.includes('\\\n')) return `${indentOf(raw)}${name} ${value}${endOf(raw)}`
  const head = /^[\t-\r ]*[^\t-\r ]+[\t-\r ]+/.exec(raw)?.[0] ?? ''
  const old = trimBlanks(raw.slice(head.length))
  if (head === '' || old === '') return `${indentOf(raw)}${name} ${value}${endOf(raw)}`
  return head + value + raw.slice(head.length + old.length)
}

function optionIndent(document: InterfacesDocument, stanza: Stanza): string {
  const example =
    stanza.options[0] ??
    document.stanzas.find(({ keyword, options }) => keyword === 'iface' && options.length > 0)?.options[0]
  return example === undefined ? '    ' : indentOf(rawAt(document, example.index))
}

function indentOf(raw: string): string {
  return /^[ \t]*/.exec(raw)?.[0] ?? ''
}

function endOf(raw: string): string {
  return /\r?\n$/.exec(raw)?.[0] ?? ''
}

function insertLine(document: InterfacesDocument, index: number, line: string): InterfacesDocument {
  const raw = rawAt(document, index)
  const end = endOf(raw)
  if (end !== '' && !raw.endsWith('\\\n')) return splice(document, index + 1, 0, line + end)
  const other = document.lines.map((one) => endOf(one.raw)).find((one) => one !== '') ?? '\n'
  const closed = raw.endsWith('\\') ? `${raw}\n` : raw
  return splice(document, index, 1, closed + other + line)
}

function removeLines(document: InterfacesDocument, options: readonly InterfacesOption[]): InterfacesDocument {
  if (options.length === 0) return document
  const gone = new Set(options.map((option) => option.index))
  return documentOf(document.lines.filter((_, index) => !gone.has(index)))
}

/** Puts this text in the place of lines; it ends as they did. */
function splice(
  document: InterfacesDocument,
  index: number,
  count: number,
  text: ByteText,
): InterfacesDocument {
  return documentOf(document.lines.toSpliced(index, count, ...parseLines(text)))
}
