import { type ByteText, toByteText } from '../formats/bytes.ts'
import { lineFeedsIn } from '../formats/line-feeds.ts'
import { linesIn } from './common-ends.ts'

/** What is left out of a text between two of its lines. */
export interface Gap {
  /** Offset in the text that remains. */
  readonly at: number
  /** How many lines are not there. */
  readonly lines: number
}

/** A text without its middle. */
export interface Abridged {
  readonly text: ByteText
  readonly gap: Gap
}

/** Bytes in which a line has to end. */
const LINE = 1024

/**
 * The ends of a text, whole lines of at least `ends` bytes each; undefined if little would be left out, or a line is very long.
 * Most of it is not even decoded.
 */
export function abridged(bytes: Uint8Array, ends: number): Abridged | undefined {
  if (bytes.length < 4 * ends + 2 * LINE) return undefined
  const first = toByteText(bytes.subarray(0, ends + LINE))
  const last = toByteText(bytes.subarray(-ends - LINE))
  const from = first.indexOf('\n', ends) + 1
  const to = last.lastIndexOf('\n', last.length - ends) + 1
  if (from === 0 || to === 0) return undefined
  const [head, tail] = [first.slice(0, from), last.slice(to)]
  const feeds = linesIn(head) + linesIn(tail) - (tail === '' || tail.endsWith('\n') ? 0 : 1)
  return { text: head + tail, gap: { at: from, lines: lineFeedsIn(bytes) - feeds } }
}
