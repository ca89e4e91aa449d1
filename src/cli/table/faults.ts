import type { Fault, VmcloneError } from '../../errors/index.ts'
import { tableInvalid } from '../../workflow/batch/fault.ts'
import type { BatchOptions } from '../../workflow/batch/types.ts'
import type { Table } from './read.ts'

/** All faults of a table that has some: also how its rows collide, as far as that can be seen. */
export async function allFaults(table: Table, options: BatchOptions): Promise<VmcloneError> {
  const { readFacts } = await import('../../workflow/batch/neighbours.ts')
  const { checkRows } = await import('../../workflow/batch/check.ts')
  // What is wrong with the template or --to is told once the table can be read.
  const facts = await readFacts(options).catch(() => undefined)
  const collisions = facts === undefined ? [] : checkRows(options.rows, facts, options)
  // Once is enough for a cell.
  const told = new Set(table.faults.map(cellOf))
  const more = collisions.filter((fault) => fault.column === undefined || !told.has(cellOf(fault)))
  return tableInvalid([...table.faults, ...more], table)
}

function cellOf({ line, column }: Fault): string {
  return `${line} ${column}`
}

/** An error over the rows gets the name of the table and the lines' texts, which the workflow does not know. */
export function inTable(table: Table, error: VmcloneError): VmcloneError {
  if (error.faults === undefined) return error
  const told = tableInvalid(error.faults, table)
  told.notices = error.notices
  return told
}
