import stringWidth from 'string-width'
import { wrap } from '../wrap.ts'

/** Columns a text takes on a terminal: CJK characters take two. */
export const columnsOf = (text: string): number => stringWidth(text)

/** Blanks up to a width. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)))
}

/** Wrapped lines, each behind the same indent, also what continues a word that is broken; without an indent none is. */
export function block(text: string, indent: string, width: number): string[] {
  const room = Math.max(20, width - indent.length)
  return (indent === '' ? wrap(text, room, columnsOf) : fold(text, room)).map((line) => indent + line)
}

/** The same as an item of a list: "- " stands before the first line. */
export function item(text: string, width: number): string[] {
  return block(text, '    ', width).map((line, index) => (index === 0 ? `  - ${line.slice(4)}` : line))
}

/** Columns of the widest word. */
export function widestWord(text: string): number {
  return Math.max(...text.split(' ').map(columnsOf))
}

/** A text of no more than `width` columns; what is longer ends in "…". */
export function cut(text: string, width: number): string {
  if (columnsOf(text) <= width) return text
  return width < 1 ? '' : `${start(text, width - 1)}…`
}

/** The same where what stands from `from` to `to` is to be seen: what comes before it is left out if need be. */
export function cutAround(text: string, from: number, to: number, width: number): string {
  if (columnsOf(text) <= width || columnsOf(text.slice(0, to)) < width) return cut(text, width)
  const [found, rest] = [columnsOf(text.slice(from, to)), columnsOf(text.slice(from))]
  const before = Math.max(width - 1 - rest, Math.floor((width - 2 - found) / 2))
  return cut(`…${end(text.slice(0, from), before)}${text.slice(from)}`, width)
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

/** As much from the end as `width` columns hold. */
function end(text: string, width: number): string {
  let part = ''
  for (const { segment } of [...GRAPHEMES.segment(text)].reverse()) {
    if (columnsOf(segment + part) > width) return part
    part = segment + part
  }
  return part
}
