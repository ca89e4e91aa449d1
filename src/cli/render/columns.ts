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
