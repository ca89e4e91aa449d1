import { VmcloneError } from '../errors/index.ts'
import type { ByteText } from './bytes.ts'
import { assignmentOf, parseShell, type ShellDocument, shellValue } from './shell-assignments.ts'
import { lineEnd, quoteValue, quotingOf, type ShellQuoting } from './shell-word.ts'

/**
 * Gives a key its value: in its last assignment, in the quoting that this has (earlier ones go), or in a new line behind
 * the last of the keys `after` that is there, or at the end, in the quoting that most lines of the file have.
 * Throws SHELL_UNEDITABLE where it would not read back: arrays, operators, a quote or line that does not end.
 */
export function setShellValue(
  document: ShellDocument,
  key: string,
  value: ByteText,
  after: readonly string[] = [],
): ShellDocument {
  const next = withValue(document, key, value, after)
  if (shellValue(next, key) === value) return next
  const { file } = document
  const line = assignmentOf(document, key)?.line ?? document.text.split('\n').length
  throw new VmcloneError('SHELL_UNEDITABLE', `${file}:${line}: ${key} cannot be set where it stands`, {
    position: { file, line },
  })
}

function withValue(
  document: ShellDocument,
  key: string,
  value: ByteText,
  after: readonly string[],
): ShellDocument {
  const last = assignmentOf(document, key)
  if (!last) return insert(document, `${key}=${quoteValue(value, usualQuoting(document))}`, after)
  const clean = cut(
    document,
    document.assignments.filter((one) => one.key === key && one !== last),
  )
  if (last.value === value) return clean
  const { valueStart, end } = assignmentOf(clean, key) ?? last
  const raw = clean.text.slice(valueStart, end)
  const quoting = raw === '' ? usualQuoting(clean) : (quotingOf(raw) ?? '"')
  return splice(clean, valueStart, end, quoteValue(value, quoting))
}

/**
 * Gives a key these words: an array keeps the bytes of those that stay where they are; a single value becomes an array if
 * it must. New arrays are written in single quotes, behind the keys `after` as `setShellValue` does it.
 */
export function setShellArray(
  document: ShellDocument,
  key: string,
  values: readonly ByteText[],
  after: readonly string[] = [],
): ShellDocument {
  const first = assignmentOf(document, key)
  const clean = cut(
    document,
    document.assignments.filter((one) => one.key === key && one !== first),
  )
  return setElements(clean, key, values, after)
}

function setElements(
  document: ShellDocument,
  key: string,
  values: readonly ByteText[],
  after: readonly string[],
): ShellDocument {
  const last = assignmentOf(document, key)
  const written = `(${values.map((value) => quoteValue(value, "'")).join(' ')})`
  if (!last) return insert(document, `${key}=${written}`, after)
  if (!last.elements) {
    if (values.length === 1) return setShellValue(document, key, values[0] as ByteText)
    return splice(document, last.valueStart, last.end, written)
  }
  const { elements } = last
  if (elements.length === 0) return splice(document, last.valueStart, last.end, written)
  const places = elements.map((_, i) => i).reverse()
  const more = values.slice(elements.length).map((value) => ` ${quoteValue(value, "'")}`)
  const end = elements.at(-1)?.end ?? last.end
  return places.reduce(
    (next, i) => {
      const [old, before] = [elements[i], elements[i - 1]]
      const value = values[i]
      if (!old || old.value === value) return next
      if (value === undefined) return splice(next, before?.end ?? old.start, old.end, '')
      const quoting = quotingOf(document.text.slice(old.start, old.end)) ?? "'"
      return splice(next, old.start, old.end, quoteValue(value, quoting))
    },
    splice(document, end, end, more.join('')),
  )
}

/** Takes out every assignment of these keys; a line that held nothing else goes with its comment. */
export function removeShellKeys(document: ShellDocument, keys: readonly string[]): ShellDocument {
  return cut(
    document,
    document.assignments.filter((one) => keys.includes(one.key)),
  )
}

function cut(document: ShellDocument, gone: ShellDocument['assignments']): ShellDocument {
  // From the back, so that the offsets in front stay true; the neighbours are found anew each time.
  return gone.toReversed().reduce((next, { start }) => cutOne(next, start), document)
}

function cutOne(document: ShellDocument, start: number): ShellDocument {
  const { text, assignments } = document
  const index = assignments.findIndex((one) => one.start === start)
  const own = assignments[index]
  if (!own) return document
  const lineStart = text.lastIndexOf('\n', own.start - 1) + 1
  const stop = lineEnd(text, own.end)
  const next = assignments[index + 1]
  const previous = assignments[index - 1]
  if (next && next.start < stop) return splice(document, own.start, next.start, '')
  if (previous && previous.start >= lineStart) return splice(document, previous.end, own.end, '')
  const newline = text.indexOf('\n', stop)
  return splice(document, lineStart, newline < 0 ? text.length : newline + 1, '')
}

function insert(document: ShellDocument, line: ByteText, after: readonly string[]): ShellDocument {
  const { text } = document
  const anchor = document.assignments.findLast((one) => after.includes(one.key))
  const end = /\r?\n/.exec(text)?.[0] ?? '\n'
  const newline = anchor ? text.indexOf('\n', lineEnd(text, anchor.end)) : text.length - 1
  if (newline < 0 || (newline === text.length - 1 && !text.endsWith('\n')))
    return parseShell(`${text}${text === '' ? '' : end}${line}${text === '' ? end : ''}`, document.file)
  return splice(document, newline + 1, newline + 1, line + end)
}

/** What most values are written in; none on a tie. */
function usualQuoting({ text, assignments }: ShellDocument): ShellQuoting {
  const counts = { '': 0, "'": 0, '"': 0 }
  for (const { valueStart, end } of assignments) {
    const quoting = valueStart === end ? undefined : quotingOf(text.slice(valueStart, end))
    if (quoting !== undefined) counts[quoting]++
  }
  if (counts['"'] > counts[''] && counts['"'] >= counts["'"]) return '"'
  return counts["'"] > counts[''] ? "'" : ''
}

function splice({ text, file }: ShellDocument, start: number, end: number, next: ByteText): ShellDocument {
  return parseShell(text.slice(0, start) + next + text.slice(end), file)
}
