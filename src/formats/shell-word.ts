import type { ByteText } from './bytes.ts'

/** One word of a shell script: where it ends, and what the shell makes of it. */
export interface ShellWord {
  /** Offset behind its last character. */
  readonly end: number
  /** Quotes undone; undefined where it is not fixed: `$`, backticks, `~`, quotes without an end. */
  readonly value: ByteText | undefined
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** Reads the word at `start`; it ends at an unquoted blank, line end or operator. A carriage return before a line end is no part of it. */
export function readWord(text: ByteText, start: number): ShellWord {
  let value: ByteText | undefined = ''
  let at = start
  const add = (more: ByteText | undefined) => {
    value = value === undefined || more === undefined ? undefined : value + more
  }
  while (at < text.length && !endsWord(text, at)) {
    const char = text.charAt(at)
    const quote = char === '$' && /["']/.test(text.charAt(at + 1)) ? text.slice(at, at + 2) : char
    if (char === '\\') {
      if (at + 1 >= text.length) add('\\')
      else if (text.charAt(at + 1) !== '\n') add(text.charAt(at + 1))
      at = Math.min(at + 2, text.length)
    } else if (char === "'" || char === '"' || quote !== char) {
      const close = closing(text, at + quote.length, quote)
      if (close < 0) return { end: lineEnd(text, start), value: undefined }
      add(unquoted(text.slice(at + quote.length, close), quote))
      at = close + 1
    } else {
      add(char === '$' || char === '`' || (char === '~' && expands(text, at)) ? undefined : char)
      at++
    }
  }
  return { end: at, value }
}

/** Offset of the line end at or behind `at`, a carriage return before it included. */
export function lineEnd(text: ByteText, at: number): number {
  const found = text.indexOf('\n', at)
  const end = found < 0 ? text.length : found
  return end > at && text.charAt(end - 1) === '\r' && found >= 0 ? end - 1 : end
}

function endsWord(text: ByteText, at: number): boolean {
  const char = text.charAt(at)
  return /[ \t\n;&|()<>]/.test(char) || (char === '\r' && text.charAt(at + 1) === '\n')
}

/** True for a "~" at the start of a value or of a part behind ":"; lines that are continued between do not matter. */
function expands(text: ByteText, at: number): boolean {
  let before = at
  while (text.slice(before - 2, before) === '\\\n') before -= 2
  return /[=:]/.test(text.charAt(before - 1))
}

function closing(text: ByteText, from: number, quote: string): number {
  const end = quote.slice(-1)
  if (quote === "'") return text.indexOf(end, from)
  for (let at = from; at < text.length; at++) {
    if (text.charAt(at) === '\\') at++
    else if (text.charAt(at) === end) return at
  }
  return -1
}

function unquoted(inner: ByteText, quote: string): ByteText | undefined {
  if (quote === "'") return inner
  if (quote === "$'") return ansi(inner)
  if (/(^|[^\\])(\\\\)*[$`]/.test(inner)) return undefined
  return inner.replace(/\\([$`"\\\n])/g, (_, char: string) => (char === '\n' ? '' : char))
}

function ansi(inner: ByteText): ByteText | undefined {
  if (/(^|[^\\])(\\\\)*\\[uUc]/.test(inner)) return undefined
  const text = inner.replace(
    /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([\s\S]))/g,
    (whole, octal?: string, hex?: string, char?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      return char !== undefined && /[\\'"?]/.test(char) ? char : (ESCAPES[char ?? ''] ?? whole)
    },
  )
  return text.split('\0')[0]
}

/** How a value is written. */
export type ShellQuoting = '' | "'" | '"'

/** The quoting that a written value shows; undefined if it mixes several. */
export function quotingOf(raw: ByteText): ShellQuoting | undefined {
  if (/^"[\s\S]*"$/.test(raw)) return '"'
  if (/^\$?'[\s\S]*'$/.test(raw)) return "'"
  return /["'\\]/.test(raw) ? undefined : ''
}

/** A value as it is written in this quoting, or in double quotes if it cannot be. */
export function quoteValue(value: ByteText, quoting: ShellQuoting): ByteText {
  if (quoting === '' && /^[\w.:/,@%+-]*$/.test(value)) return value
  if (quoting === "'" && !value.includes("'")) return `'${value}'`
  return `"${value.replace(/[\\"$`]/g, '\\$&')}"`
}
