import type { ByteText } from './bytes.ts'

/** One line of a text document and the end that it has: "\n", "\r\n", or "" for a last line without one. */
export interface Line {
  readonly text: ByteText
  readonly end: string
}

/** Cuts text into lines; joining them gives the same bytes. A final line end starts no further line. */
export function splitLines(text: ByteText): Line[] {
  const lines: Line[] = []
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start)
    const stop = feed < 0 ? text.length : feed
    const end = feed < 0 ? '' : feed > start && text[feed - 1] === '\r' ? '\r\n' : '\n'
    lines.push({ text: text.slice(start, end === '\r\n' ? stop - 1 : stop), end })
    start = stop + 1
  }
  return lines
}

export function joinLines(lines: readonly Line[]): ByteText {
  return lines.map((line) => line.text + line.end).join('')
}

/** The lines that hold one of these ASCII words in any case, in their order and as they are. */
export function linesHolding(text: ByteText, words: readonly string[]): ByteText {
  const lower = text.toLowerCase()
  const found = new Map<number, number>()
  for (const word of words) {
    for (let at = lower.indexOf(word); at >= 0; ) {
      const next = lower.indexOf('\n', at)
      const end = next < 0 ? text.length : next + 1
      found.set(at === 0 ? 0 : lower.lastIndexOf('\n', at - 1) + 1, end)
      at = next < 0 ? -1 : lower.indexOf(word, end)
    }
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([start, end]) => text.slice(start, end))
    .join('')
}

/** The line end that a document uses, by its first line; "\n" where it has none. */
export function lineEndOf(lines: readonly Line[]): string {
  return lines.find((line) => line.end !== '')?.end ?? '\n'
}

/** Each line is given to `edit`, which returns its new text, or undefined to take the line out. */
export function editLines(text: ByteText, edit: (line: ByteText) => ByteText | undefined): ByteText {
  let edited = ''
  for (const line of splitLines(text)) {
    const next = edit(line.text)
    if (next !== undefined) edited += next + line.end
  }
  return edited
}
