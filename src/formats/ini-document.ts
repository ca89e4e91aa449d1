import type { ByteText } from './bytes.ts'
import { splitLines } from './lines.ts'

/** What one INI-like dialect takes for what. */
export interface IniSyntax {
  /** Characters that start a comment line; blanks may stand before. */
  readonly comments: string
  /** True if a backslash at a line's end takes in the next line. */
  readonly continuation: boolean
}

/** GLib key files: NetworkManager's profiles and configuration. */
export const KEY_FILE: IniSyntax = { comments: '#', continuation: false }

/** systemd.syntax(7). */
export const SYSTEMD: IniSyntax = { comments: '#;', continuation: true }

/** One logical line. Its text is what follows without line end, continued lines joined by a blank. */
export interface IniLine {
  /** Its bytes, line ends and continued lines included. */
  readonly raw: ByteText
  readonly kind: 'blank' | 'comment' | 'section' | 'entry' | 'other'
  /** Name of the section for a header; of an entry without blanks around. */
  readonly name: string
  /** Entries: without blanks around. */
  readonly value: string
}

/** An INI-like text whose lines keep every byte; sections and keys may repeat. */
export interface IniDocument {
  readonly syntax: IniSyntax
  readonly lines: readonly IniLine[]
}

/** An entry and where it stands. */
export interface IniEntry {
  /** Index of its line. */
  readonly line: number
  /** Ordinal of its section among all sections; -1 before the first. */
  readonly ordinal: number
  /** "" before the first section. */
  readonly section: string
  readonly key: string
  readonly value: string
}

export interface IniSection {
  readonly ordinal: number
  readonly name: string
  /** Index of the header's line. */
  readonly header: number
  /** Index behind the section's last line. */
  readonly end: number
}

export function parseIni(text: ByteText, syntax: IniSyntax): IniDocument {
  const lines: IniLine[] = []
  let open: { raw: string; text: string } | undefined
  for (const { text: content, end } of splitLines(text)) {
    const comment = isComment(content, syntax)
    const raw = (open?.raw ?? '') + content + end
    // A comment within a continued line is passed over, and never continues itself.
    if (open && comment) {
      open = { raw, text: open.text }
      continue
    }
    const joined = (open?.text ?? '') + content
    if (syntax.continuation && !comment && /(?<!\\)(?:\\\\)*\\$/.test(content)) {
      open = { raw, text: `${joined.slice(0, -1)} ` }
      continue
    }
    open = undefined
    lines.push(lineOf(raw, joined, syntax))
  }
  if (open) lines.push(lineOf(open.raw, open.text, syntax))
  return { syntax, lines }
}

/** The bytes that were parsed. */
export function printIni(document: IniDocument): ByteText {
  return document.lines.map((line) => line.raw).join('')
}

/** All sections in order, each as often as it stands there. */
export function iniSections(document: IniDocument): IniSection[] {
  const headers = document.lines.flatMap(({ kind, name }, header) =>
    kind === 'section' ? [{ name, header }] : [],
  )
  return headers.map(({ name, header }, ordinal) => ({
    ordinal,
    name,
    header,
    end: headers[ordinal + 1]?.header ?? document.lines.length,
  }))
}

/** All entries in order. */
export function iniEntries(document: IniDocument): IniEntry[] {
  let ordinal = -1
  let section = ''
  return document.lines.flatMap(({ kind, name, value }, line) => {
    if (kind === 'section') {
      ordinal++
      section = name
    }
    return kind === 'entry' ? [{ line, ordinal, section, key: name, value }] : []
  })
}

function isComment(text: string, { comments }: IniSyntax): boolean {
  const first = text.trimStart()[0]
  return first !== undefined && comments.includes(first)
}

function lineOf(raw: string, text: string, syntax: IniSyntax): IniLine {
  const body = text.trim()
  const plain = (kind: IniLine['kind']): IniLine => ({ raw, kind, name: '', value: '' })
  if (body === '') return plain('blank')
  if (isComment(text, syntax)) return plain('comment')
  const header = /^\[([^\]]*)\]$/s.exec(body)?.[1]
  if (header !== undefined) return { raw, kind: 'section', name: header, value: '' }
  const at = body.indexOf('=')
  if (at <= 0 || body.startsWith('[')) return plain('other')
  return { raw, kind: 'entry', name: body.slice(0, at).trim(), value: body.slice(at + 1).trim() }
}
