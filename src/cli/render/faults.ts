import type { Fault } from '../../errors/index.ts'
import { block } from './columns.ts'
import { visible, visibleLine } from './escape.ts'

/** More would push the first ones off the screen; --json has them all. */
const SHOWN = 20
const TEXT_LIMIT = 200

/** The faults of a table for a person: each with line, column and the line's text, a hint where it is not the one just told. */
export function renderFaults(faults: readonly Fault[], width: number): string[] {
  const shown = faults.slice(0, SHOWN)
  const lines = shown.flatMap(({ line, column, message, hint, text }, index) => {
    const before = shown[index - 1]
    const place = column === undefined ? `line ${line}` : `line ${line}, ${column}`
    return [
      ...(text === undefined || before?.line === line
        ? []
        : [`    ${visibleLine(text).slice(0, TEXT_LIMIT)}`]),
      ...block(visible(`${place}: ${message}`), '  ', width),
      ...(hint === undefined || before?.hint === hint ? [] : block(visible(hint), '      ', width)),
    ]
  })
  const more = faults.length - shown.length
  return more === 0 ? lines : [...lines, `  and ${more} more; --json tells them all`]
}
