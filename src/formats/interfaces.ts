import type { ByteText } from './bytes.ts'

/** One line as ifupdown reads it: with the physical lines that a final backslash joins to it. */
export interface InterfacesLine {
  /** Every byte, line ends included. */
  readonly raw: ByteText
  /** Number of its first physical line, from 1. */
  readonly number: number
  /** What ifupdown reads: joined and trimmed; empty for comments and blank lines. */
  readonly text: string
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
  const physical = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const lines: InterfacesLine[] = []
  for (let i = 0; i < physical.length; i++) {
    const number = i + 1
    const first = physical[i] as string
    if (/^[\t-\r ]*(#|$)/.test(first)) {
      lines.push({ raw: first, number, text: '' })
      continue
    }
    const parts = [first]
    while (parts.at(-1)?.endsWith('\\\n') && i + 1 < physical.length) parts.push(physical[++i] as string)
    const raw = parts.join('')
    lines.push({ raw, number, text: trimBlanks(raw.replaceAll('\\\n', '')) })
  }
  return { lines }
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
  const stanzas: (Stanza & { options: InterfacesOption[] })[] = []
  document.lines.forEach((line, index) => {
    if (line.text === '') return
    const [, word = '', value = ''] = /^([^\t-\r ]+)[\t-\r ]*([\s\S]*)$/.exec(line.text) ?? []
    if (KEYWORD.test(word)) {
      const words = value === '' ? [] : value.split(/[\t-\r ]+/)
      stanzas.push({ keyword: word, words, header: index, line: line.number, options: [] })
      return
    }
    if (stanzas.length === 0)
      stanzas.push({ keyword: '', words: [], header: index, line: line.number, options: [] })
    stanzas.at(-1)?.options.push({ name: optionName(word), value, index })
  })
  return stanzas
}

/** An option's name as it is compared: dashes for underscores. */
export function optionName(name: string): string {
  return name.replaceAll('_', '-')
}

/** Without the white space of the C locale at both ends; in linear time, whatever the guest wrote. */
export function trimBlanks(text: ByteText): ByteText {
  const blank = (index: number) => /[\t-\r ]/.test(text.charAt(index))
  let [start, end] = [0, text.length]
  while (start < end && blank(start)) start++
  while (start < end && blank(end - 1)) end--
  return text.slice(start, end)
}
