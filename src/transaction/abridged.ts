import { type ByteText, toByteText } from '../formats/bytes.ts'
import { lineFeedsIn } from '../formats/line-feeds.ts'

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

/** The ends of a text, whole lines of at least `ends` bytes each; undefined if little would be left out. Most of it is not even decoded. */
export function abridged(bytes: Uint8Array, ends: number): Abridged | undefined {
  if (bytes.length < 4 * ends) return undefined
  const from = bytes.indexOf(LF, ends) + 1
  const to = bytes.lastIndexOf(LF, bytes.length - ends) + 1
  if (from === 0 || from >= to) return undefined
  return {
    text: toByteText(bytes.subarray(0, from)) + toByteText(bytes.subarray(to)),
    gap: { at: from, lines: lineFeedsIn(bytes, from, to) },
  }
}

const LF = 10
