import type { ByteText } from '../formats/bytes.ts'
import type { Abridged, Gap } from './abridged.ts'
import { linesIn } from './common-ends.ts'
import { type Edit, lineEdits } from './line-edits.ts'

const CONTEXT = 3

/** Lines that follow each other in a diff behind the same sign. */
interface Stretch {
  readonly sign: '' | ' ' | '+' | '-'
  readonly text: ByteText
}

/**
 * The hunks of a unified diff, each line with LF at its end; lines beyond `limit` characters are left out of the middle and
 * counted. Undefined if the texts differ in too much.
 */
export function hunksOf(old: ByteText, now: ByteText, limit: number): ByteText | undefined {
  const edits = lineEdits(old, now)
  return edits && shown([...stretches(old, now, edits)], limit)
}

/** The same where the new text is abridged: undefined also if the gap is not among the lines that are left out in any case. */
export function hunksAround(old: ByteText, { text, gap }: Abridged, limit: number): ByteText | undefined {
  const edits = lineEdits(old, text)
  const within = edits?.some(({ now: [from, to] }) => from + limit / 2 < gap.at && gap.at < to - limit / 2)
  return edits && within ? shown([...stretches(old, text, edits, gap)], limit, gap.lines) : undefined
}

function* stretches(old: ByteText, now: ByteText, edits: readonly Edit[], gap?: Gap): Generator<Stretch> {
  let [at, line, shift] = [0, 1, 0]
  for (const hunk of hunks(old, edits)) {
    const [first, last] = [hunk[0], hunk.at(-1)]
    if (first === undefined || last === undefined) continue
    const before = linesBefore(old, first.old[0])
    const start = first.old[0] - before.length
    const after = linesAfter(old, last.old[1])
    line += linesIn(old, at, start)
    at = start
    const missing = gap && first.now[0] < gap.at && gap.at < last.now[1] ? gap.lines : 0
    const [lines, fresh] = [
      linesIn(old, start, last.old[1] + after.length),
      linesIn(now, first.now[0] - before.length, last.now[1] + after.length) + missing,
    ]
    yield { sign: '', text: `@@ -${span(line, lines)} +${span(line + shift, fresh)} @@\n` }
    shift += fresh - lines
    let from = start
    for (const edit of hunk) {
      yield { sign: ' ', text: old.slice(from, edit.old[0]) }
      yield { sign: '-', text: old.slice(...edit.old) }
      yield { sign: '+', text: now.slice(...edit.now) }
      from = edit.old[1]
    }
    yield { sign: ' ', text: after }
  }
}

/** Edits with no more lines between them than both would show around them. */
function hunks(old: ByteText, edits: readonly Edit[]): Edit[][] {
  const groups: Edit[][] = []
  for (const edit of edits) {
    const group = groups.at(-1)
    const end = group?.at(-1)?.old[1]
    const near = end !== undefined && linesAfter(old, end, 2 * CONTEXT).length >= edit.old[0] - end
    if (group !== undefined && near) group.push(edit)
    else groups.push([edit])
  }
  return groups
}

/** A side without lines names the line before it. */
function span(start: number, lines: number): string {
  return lines === 0 ? `${Math.max(0, start - 1)},0` : lines === 1 ? `${start}` : `${start},${lines}`
}

/** `missing`: lines that are not there, of those that are left out. */
function shown(all: readonly Stretch[], limit: number, missing = 0): ByteText {
  const total = all.reduce((sum, { text }) => sum + text.length, 0)
  if (total <= limit) return all.map(signed).join('')
  let [head, tail] = ['', '']
  let [room, rest, count] = [limit / 2, limit / 2, missing]
  let last = all.length - 1
  for (; last >= 0 && (all[last]?.text.length ?? 0) <= rest; last--) {
    rest -= all[last]?.text.length ?? 0
    tail = signed(all[last] as Stretch) + tail
  }
  for (const [index, { sign, text }] of all.entries()) {
    if (index > last) break
    const fits = text.length <= room ? text.length : room < 1 ? 0 : text.lastIndexOf('\n', room - 1) + 1
    head += signed({ sign, text: text.slice(0, fits) })
    room = fits === text.length ? room - fits : 0
    const from = index < last ? text.length : lastLines(text, fits, rest)
    count += linesIn(text, fits, from)
    if (from < text.length) tail = signed({ sign, text: text.slice(from) }) + tail
  }
  return `${head}\\ ${count} line${count === 1 ? '' : 's'} left out\n${tail}`
}

/** Start of the whole lines at the end of a text, after `from`, that take no more than `room`. */
function lastLines(text: ByteText, from: number, room: number): number {
  return Math.max(from, text.indexOf('\n', Math.max(0, text.length - room - 1)) + 1 || text.length)
}

function signed({ sign, text }: Stretch): ByteText {
  if (text === '') return ''
  const ended = text.endsWith('\n')
  const lines = sign + (ended ? text.slice(0, -1) : text).replaceAll('\n', `\n${sign}`)
  return ended ? `${lines}\n` : `${lines}\n\\ No newline at end of file\n`
}

/** Up to CONTEXT lines that end at `end`, which is the start of a line. */
function linesBefore(text: ByteText, end: number): ByteText {
  let start = end
  for (let count = 0; count < CONTEXT && start > 0; count++)
    start = start < 2 ? 0 : text.lastIndexOf('\n', start - 2) + 1
  return text.slice(start, end)
}

function linesAfter(text: ByteText, start: number, most: number = CONTEXT): ByteText {
  let end = start
  for (let count = 0; count < most && end < text.length; count++)
    end = text.indexOf('\n', end) + 1 || text.length
  return text.slice(start, end)
}
