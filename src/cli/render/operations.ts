import type { Operation } from '../../operations/operation.ts'
import { block, columnsOf, pad } from './columns.ts'
import type { Look } from './paint.ts'

/** The operations with their headings, in the order in which they run. */
export function renderOperations(operations: readonly Operation[], { width, paint }: Look): string {
  const names = Math.max(...operations.map(({ name }) => columnsOf(name)))
  const lines = operations.flatMap(({ name, heading, default: usual }) => {
    const indent = ' '.repeat(names + 7)
    const [first = '', ...rest] = block(heading, indent, width)
    return [`${paint('bold', pad(name, names))}  ${usual ? 'on ' : 'off'}  ${first.trimStart()}`, ...rest]
  })
  const groups = [...new Set(operations.flatMap(({ group }) => group ?? []))]
  const members = groups.map((group) => {
    const names = operations.filter((operation) => operation.group === group).map(({ name }) => name)
    return `${group} names all from ${names[0]} to ${names.at(-1)}.`
  })
  return [...lines, '', 'Switch with --enable and --disable.', ...members, ''].join('\n')
}
