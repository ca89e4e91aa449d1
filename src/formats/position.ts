import type { Position } from '../errors/index.ts'
import type { ByteText } from './bytes.ts'

/** Line and column, both from 1, of an offset in a text. */
export function positionAt(text: ByteText, offset: number, file: string): Position {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const line = text.slice(0, start).split('\n').length
  const end = text.indexOf('\n', start)
  const whole = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '')
  return { file, line, column: offset - start + 1, text: whole }
}
