import type { ByteText } from './bytes.ts'

/** Half-open range of characters in a line's body. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** One line of a dictionary file. Blank, comment and malformed lines have no name and stay as they are. */
export interface DictionaryLine {
  /** The line without its end. */
  readonly body: ByteText
  readonly eol: '' | '\n' | '\r\n' | '\r'
  /** As written. */
  readonly name?: ByteText
  /** The name with its ASCII letters in lower case. */
  readonly key?: ByteText
  /** The value with its quotes; empty and right after "=" where there is none. */
  readonly value?: Span
  /** True if VMware calls the line not well-formed. */
  readonly malformed: boolean
}

const BOM = '\xef\xbb\xbf'
const EMPTY = /^[ \t]*(?:#.*)?$/s
const ENTRY =
  /^([ \t]*)([^\0 \t#=]+)([ \t]*=)([ \t]*)(?![ \t])("[^"]*"|[^\0 \t#"][^\0 \t#]*)?[ \t]*(?:#.*)?$/s

/** Cuts text at LF, CRLF and lone CR; the parts joined are the text. */
export function splitLines(text: ByteText): { body: ByteText; eol: DictionaryLine['eol'] }[] {
  const lines: { body: ByteText; eol: DictionaryLine['eol'] }[] = []
  const end = /\r\n|\n|\r/g
  let start = 0
  for (let match = end.exec(text); match; match = end.exec(text)) {
    lines.push({ body: text.slice(start, match.index), eol: match[0] as DictionaryLine['eol'] })
    start = end.lastIndex
  }
  if (start < text.length) lines.push({ body: text.slice(start), eol: '' })
  return lines
}

/** Reads one line by the grammar of open-vm-tools' lib/dict. A UTF-8 byte order mark before it is passed over. */
export function parseLine(body: ByteText, eol: DictionaryLine['eol']): DictionaryLine {
  const mark = body.startsWith(BOM) ? BOM.length : 0
  const text = body.slice(mark)
  if (EMPTY.test(text)) return { body, eol, malformed: false }
  const match = ENTRY.exec(text)
  if (!match) return { body, eol, malformed: true }
  const [, indent = '', name = '', equals = '', gap = '', value] = match
  const afterEquals = mark + indent.length + name.length + equals.length
  const start = value === undefined ? afterEquals : afterEquals + gap.length
  return {
    body,
    eol,
    name,
    key: lower(name),
    value: { start, end: start + (value?.length ?? 0) },
    malformed: false,
  }
}

/** Byte text with its ASCII letters in lower case. */
export function lower(name: ByteText): ByteText {
  return /[\x80-\xff]/.test(name)
    ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    : name.toLowerCase()
}
