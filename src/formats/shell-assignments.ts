import type { ByteText } from './bytes.ts'
import { lineEnd, readWord } from './shell-word.ts'

/** `KEY=value`, `KEY[0]=value` or `KEY=(value …)` in a file that a shell reads in. */
export interface ShellAssignment {
  /** With its index, if it has one. */
  readonly key: string
  /** What the shell makes of it; undefined where that is not fixed ($, backticks, operators, quotes without an end), and for arrays. */
  readonly value: ByteText | undefined
  /** What an array holds. */
  readonly elements?: readonly ShellElement[]
  /** Offset of the key. */
  readonly start: number
  readonly valueStart: number
  readonly end: number
  /** Line of the key, from 1. */
  readonly line: number
  /** True if nothing but a comment or a `;` stands with it on one physical line: readers that are no shell read only these. */
  readonly alone: boolean
}

/** One word of an array. */
export interface ShellElement {
  readonly value: ByteText | undefined
  readonly start: number
  readonly end: number
}

/** Anything else that a shell would run. */
export interface ShellCommand {
  readonly text: ByteText
  readonly line: number
}

/** A file of shell assignments: its text and what was found in it. Immutable: edits make a new one. */
export interface ShellDocument {
  /** As it is called in messages. */
  readonly file: string
  readonly text: ByteText
  /** In file order. */
  readonly assignments: readonly ShellAssignment[]
  readonly commands: readonly ShellCommand[]
}

interface Word {
  readonly start: number
  readonly end: number
  readonly key: string | undefined
  readonly value: ByteText | undefined
  readonly elements?: readonly ShellElement[]
}

const BUILTIN = /^(export|declare|typeset|readonly|local)$/

/** Reads byte text; never fails. Printing is `document.text`. */
export function parseShell(text: ByteText, file = 'the file'): ShellDocument {
  const assignments: ShellAssignment[] = []
  const commands: ShellCommand[] = []
  const lineOf = lineCounter(text)
  let at = 0
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === '#') at = lineEnd(text, at)
    else if (/[\s;]/.test(char)) at++
    else if (text.startsWith('\\\n', at)) at += 2
    else at = statement(at)
  }
  return { file, text, assignments: assignments.map((one, i) => ({ ...one, alone: isAlone(i) })), commands }

  function statement(start: number): number {
    const words: Word[] = []
    let next = start
    while (next < text.length && !/[\n;&|()<>]/.test(text.charAt(next))) {
      const char = text.charAt(next)
      if (/[ \t\r]/.test(char)) next++
      else if (text.startsWith('\\\n', next)) next += 2
      else if (char === '#') next = lineEnd(text, next)
      else {
        words.push(wordAt(next))
        next = words.at(-1)?.end ?? next + 1
      }
    }
    const operator = /[&|()<>]/.test(text.charAt(next))
    const stop = operator ? lineEnd(text, next) : next
    const builtin = BUILTIN.test(text.slice(words[0]?.start ?? start, words[0]?.end ?? start))
    const pure = words.every(({ key }) => key !== undefined)
    if (operator || !(pure || builtin)) commands.push({ text: text.slice(start, stop), line: lineOf(start) })
    if (operator || pure || builtin) {
      for (const { key, start: from, end, value, elements } of words) {
        if (key === undefined) continue
        const valueStart = from + key.length + 1
        const fixed = operator ? undefined : value
        const place = { start: from, valueStart, end, line: lineOf(from), alone: true }
        assignments.push({ key, value: fixed, ...place, ...(elements && !operator ? { elements } : {}) })
      }
    }
    return stop
  }

  function wordAt(start: number): Word {
    const key = /^[A-Za-z_]\w*(?:\[\d+\])?(?==)/.exec(text.slice(start, start + 200))?.[0]
    const from = key === undefined ? start : start + key.length + 1
    const array = key === undefined || text.charAt(from) !== '(' ? undefined : readArray(text, from)
    if (array) return { start, key, value: undefined, ...array }
    const { end, value } = readWord(text, from)
    return { start, end: Math.max(end, start + 1), key, value }
  }

  function isAlone(index: number): boolean {
    const { start, end, elements } = assignments[index] as ShellAssignment
    if (elements) return false
    const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start)
    const after = text.slice(end, lineEnd(text, end))
    return before.trim() === '' && /^\s*;?\s*(#.*)?$/.test(after) && !text.slice(start, end).includes('\n')
  }
}

/** An array at its opening parenthesis; undefined if it holds more than words and comments, or has no end. */
function readArray(text: ByteText, open: number): { elements: ShellElement[]; end: number } | undefined {
  const elements: ShellElement[] = []
  let at = open + 1
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === ')') return /[^\s;]/.test(text.charAt(at + 1)) ? undefined : { elements, end: at + 1 }
    if (/\s/.test(char)) at++
    else if (text.startsWith('\\\n', at)) at += 2
    else if (char === '#') at = lineEnd(text, at)
    else if (/[;&|(<>]/.test(char)) return undefined
    else {
      const { end, value } = readWord(text, at)
      // [3]=value puts a word elsewhere, and * and ? may stand for files.
      const word = text.slice(at, end)
      elements.push({ value: /^\[|^[^'"]*[*?]/.test(word) ? undefined : value, start: at, end })
      at = Math.max(end, at + 1)
    }
  }
  return undefined
}

/** The assignment that counts: the last one of its key. */
export function assignmentOf(document: ShellDocument, key: string): ShellAssignment | undefined {
  return document.assignments.findLast((one) => one.key === key)
}

/** Value of the last assignment; undefined if there is none, or none that is fixed. */
export function shellValue(document: ShellDocument, key: string): ByteText | undefined {
  return assignmentOf(document, key)?.value
}

function lineCounter(text: ByteText): (offset: number) => number {
  let [line, seen] = [1, 0]
  return (offset) => {
    for (; seen < offset; seen++) if (text.charAt(seen) === '\n') line++
    return line
  }
}
