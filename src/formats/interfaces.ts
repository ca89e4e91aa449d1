import type { ByteText } from './bytes.ts'

/** One line as ifupdown reads it: with the physical lines that a final backslash joins to it. */
export interface InterfacesLine {
  /** Every byte, line ends included. */
  readonly raw: ByteText
  /** How many physical lines it has. */
  readonly height: number
  /** Its first word, joined and trimmed; an option's with dashes, as `_` and `-` mean the same. Empty for comments and blank lines. */
  readonly word: string
  /** What follows the word and the blanks behind it. */
  readonly value: string
  /** The value's words, if the line opens a stanza. */
  readonly words?: readonly string[]
}

/** An interfaces(5) file. Immutable: edits make a new one. */
export interface InterfacesDocument {
  readonly lines: readonly InterfacesLine[]
  /** All stanzas in file order. */
  readonly stanzas: readonly Stanza[]
}

/** One option of a stanza. */
export interface InterfacesOption {
  /** With dashes. */
  readonly name: string
  readonly value: string
  /** Index in the document's lines. */
  readonly index: number
}

/** A header line and the options that follow it. */
export interface Stanza {
  /** "iface", "auto", "allow-hotplug", "source", …; '' for options before any header. */
  readonly keyword: string
  /** Words after the keyword. */
  readonly words: readonly string[]
  /** Index of the header in the document's lines. */
  readonly header: number
  /** Number of the header's line, from 1. */
  readonly line: number
  readonly options: readonly InterfacesOption[]
}

const KEYWORD =
  /^(iface|template|mapping|auto|allow-.+|source|source-dir|source-directory|no-auto-down|no-scripts|rename)$/

/** Reads byte text; never fails. A comment is one physical line, even if it ends in a backslash (as ifupdown 0.8 does). */
export function parseInterfaces(text: ByteText): InterfacesDocument {
  return documentOf(parseLines(text))
}

/** A document of these lines. */
export function documentOf(lines: readonly InterfacesLine[]): InterfacesDocument {
  return { lines, stanzas: readStanzas(lines) }
}

/** The lines of a document, or of a part of it that begins and ends between lines. */
export function parseLines(text: ByteText): InterfacesLine[] {
  const physical = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const lines: InterfacesLine[] = []
  for (let i = 0; i < physical.length; i++) {
    const first = physical[i] as string
    if (/^[\t-\r ]*(#|$)/.test(first)) {
      lines.push({ raw: first, height: 1, word: '', value: '' })
      continue
    }
    const parts = [first]
    while (parts.at(-1)?.endsWith('\\\n') && i + 1 < physical.length) parts.push(physical[++i] as string)
    lines.push(readLine(parts.join(''), parts.length))
  }
  return lines
}

function readLine(raw: ByteText, height: number): InterfacesLine {
  const text = trimBlanks(raw.replaceAll('\\\n', ''))
  const end = text.search(/[\t-\r ]/)
  const word = end < 0 ? text : text.slice(0, end)
  const value = end < 0 ? '' : trimBlanks(text.slice(end))
  if (!KEYWORD.test(word)) return { raw, height, word: word.replaceAll('_', '-'), value }
  return { raw, height, word, value, words: value === '' ? [] : value.split(/[\t-\r ]+/) }
}

/** The bytes of the document. */
export function printInterfaces(document: InterfacesDocument): ByteText {
  return document.lines.map((line) => line.raw).join('')
}

function readStanzas(lines: readonly InterfacesLine[]): Stanza[] {
  const stanzas: Stanza[] = []
  let options: InterfacesOption[] = []
  let line = 1
  lines.forEach(({ height, word, value, words }, index) => {
    if (words !== undefined || (word !== '' && stanzas.length === 0)) {
      options = []
      const keyword = words === undefined ? '' : word
      stanzas.push({ keyword, words: words ?? [], header: index, line, options })
    }
    if (word !== '' && words === undefined) options.push({ name: word, value, index })
    line += height
  })
  return stanzas
}

/** Without the white space of the C locale at both ends; in linear time, whatever the guest wrote. */
export function trimBlanks(text: ByteText): ByteText {
  let [start, end] = [0, text.length]
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (start < end && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

/** Tab to carriage return, and space. */
function isBlank(code: number): boolean {
  return (code >= 9 && code <= 13) || code === 32
}
