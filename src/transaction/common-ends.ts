import type { ByteText } from '../formats/bytes.ts'

/** Two texts without the lines at both ends that they share. */
export interface Common {
  /** Where they begin to differ: the start of a line. */
  readonly start: number
  /** What lies between, whole lines; one of them is empty where lines were only added or removed. */
  readonly old: ByteText
  readonly now: ByteText
}

/** Characters that are compared at once. */
const CHUNK = 4096

/** Finds the lines that two different texts share at their beginning, and then at their end. */
export function commonEnds(old: ByteText, now: ByteText): Common {
  const shortest = Math.min(old.length, now.length)
  let start = 0
  while (start + CHUNK <= shortest && old.slice(start, start + CHUNK) === now.slice(start, start + CHUNK))
    start += CHUNK
  while (start < shortest && old.charCodeAt(start) === now.charCodeAt(start)) start++
  start = start === 0 ? 0 : old.lastIndexOf('\n', start - 1) + 1
  const end = commonTail(old, now, shortest - start)
  return { start, old: old.slice(start, old.length - end), now: now.slice(start, now.length - end) }
}

/** Length of the lines at the end, which begin after an LF on both sides. */
function commonTail(old: ByteText, now: ByteText, most: number): number {
  let end = 0
  const at = (text: ByteText, back: number) => text.slice(text.length - back - CHUNK, text.length - back)
  while (end + CHUNK <= most && at(old, end) === at(now, end)) end += CHUNK
  while (end < most && old.charCodeAt(old.length - end - 1) === now.charCodeAt(now.length - end - 1)) end++
  if (startsLine(old, end) && startsLine(now, end)) return end
  const newline = old.indexOf('\n', old.length - end)
  return newline < 0 ? 0 : old.length - newline - 1
}

function startsLine(text: ByteText, back: number): boolean {
  return back === text.length || text.charCodeAt(text.length - back - 1) === 10
}

/** Number of lines in a part of a text; the last one need not end with LF. */
export function linesIn(text: ByteText, from = 0, to: number = text.length): number {
  let lines = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines++
  return to > from && text.charCodeAt(to - 1) !== 10 ? lines + 1 : lines
}
