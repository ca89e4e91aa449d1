import stringWidth from 'string-width'
import { wrap } from '../wrap.ts'

/** Columns a text takes on a terminal: CJK characters take two. */
export const columnsOf = (text: string): number => stringWidth(text)

/** Blanks up to a width. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)))
}

/** Wrapped lines, each behind the same indent. */
export function block(text: string, indent: string, width: number): string[] {
  return wrap(text, Math.max(20, width - indent.length), columnsOf).map((line) => indent + line)
}

/** A text of no more than `width` columns; what is longer ends in "…". */
export function cut(text: string, width: number): string {
  if (columnsOf(text) <= width) return text
  return width < 1 ? '' : `${start(text, width - 1)}…`
}

/** Wrapped lines of no more than `width` columns each: a word that is longer is broken. */
export function fold(text: string, width: number): string[] {
  return wrap(text, width, columnsOf).flatMap((line) => {
    const lines: string[] = []
    let rest = line
    while (columnsOf(rest) > width) {
      const part = start(rest, width) || rest.slice(0, 1)
      lines.push(part)
      rest = rest.slice(part.length)
    }
    return [...lines, rest]
  })
}

const GRAPHEMES = new Intl.Segmenter()

/** As much from the beginning as `width` columns hold. */
function start(text: string, width: number): string {
  let part = ''
  for (const { segment } of GRAPHEMES.segment(text)) {
    if (columnsOf(part + segment) > width) return part
    part += segment
  }
  return part
}
