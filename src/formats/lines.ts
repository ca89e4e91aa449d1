import type { ByteText } from './bytes.ts'

/** One line of a text document and the end that it has: "\n", "\r\n", or "" for a last line without one. */
export interface Line {
  readonly text: ByteText
  readonly end: string
}

/** Cuts text into lines; joining them gives the same bytes. A final line end starts no further line. */
export function splitLines(text: ByteText): Line[] {
  const lines: Line[] = []
  for (const match of text.matchAll(/([^\n]*?)(\r?\n|$)/g)) {
    const [whole, content = '', end = ''] = match
    if (whole !== '') lines.push({ text: content, end })
  }
  return lines
}

export function joinLines(lines: readonly Line[]): ByteText {
  return lines.map((line) => line.text + line.end).join('')
}

/** The line end that a document uses, by its first line; "\n" where it has none. */
export function lineEndOf(lines: readonly Line[]): string {
  return lines.find((line) => line.end !== '')?.end ?? '\n'
}

/** Each line is given to `edit`, which returns its new text, or undefined to take the line out. */
export function editLines(text: ByteText, edit: (line: ByteText) => ByteText | undefined): ByteText {
  return joinLines(
    splitLines(text).flatMap((line) => {
      const next = edit(line.text)
      return next === undefined ? [] : [{ text: next, end: line.end }]
    }),
  )
}
