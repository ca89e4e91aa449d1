import type { ByteText } from './bytes.ts'

/** One line as ifupdown reads it: with the physical lines that a final backslash joins to it. */
export interface InterfacesLine {
  /** Every byte, line ends included. */
  readonly raw: ByteText
  /** How many physical lines it has. */
  readonly height: number
  /** Its first word as ifupdown reads it, joined and trimmed; empty for comments and blank lines. */
  readonly word: string
  /** What follows the word and the blanks behind it. */
  readonly value: string
  /** True if the word opens a stanza. */
  readonly opens: boolean
}

/** An interfaces(5) file. Immutable: edits make a new one. */
export interface InterfacesDocument {
  readonly lines: readonly InterfacesLine[]
}

/** One option of a stanza. */
export interface InterfacesOption {
  /** With dashes: `_` and `-` mean the same. */
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
  return { lines: parseLines(text) }
}

/** The lines of a document, or of a part of it that begins and ends between lines. */
export function parseLines(text: ByteText): InterfacesLine[] {
  const physical = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const lines: InterfacesLine[] = []
  for (let i = 0; i < physical.length; i++) {
    const first = physical[i] as string
    if (/^[\t-\r ]*(#|$)/.test(first)) {
      lines.push({ raw: first, height: 1, word: '', value: '', opens: false })
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
  return { raw, height, word, value, opens: KEYWORD.test(word) }
}

/** The bytes of the document. */
export function printInterfaces(document: InterfacesDocument): ByteText {
  return document.lines.map((line) => line.raw).join('')
}

const known = new WeakMap<InterfacesDocument, readonly Stanza[]>()

/** All stanzas in file order. */
export function stanzasOf(document: InterfacesDocument): readonly Stanza[] {
  const stanzas = known.get(document) ?? readStanzas(document)
  known.set(document, stanzas)
  return stanzas
}

function readStanzas(document: InterfacesDocument): Stanza[] {
  const stanzas: Stanza[] = []
  let options: InterfacesOption[] = []
  let line = 1
  document.lines.forEach(({ height, word, value, opens }, index) => {
    if (opens || (word !== '' && stanzas.length === 0)) {
      options = []
      const words = !opens || value === '' ? [] : value.split(/[\t-\r ]+/)
      stanzas.push({ keyword: opens ? word : '', words, header: index, line, options })
    }
    if (word !== '' && !opens) options.push({ name: optionName(word), value, index })
    line += height
  })
  return stanzas
}

/** An option's name as it is compared: dashes for underscores. */
export function optionName(name: string): string {
  return name.replaceAll('_', '-')
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
