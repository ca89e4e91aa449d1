import type { Fault } from '../../errors/index.ts'
import type { BatchRow } from '../../workflow/batch/types.ts'
import { toRequest } from '../request.ts'
import { type Column, readHeader } from './columns.ts'
import { type DecodeFault, decodeTable } from './decode.ts'
import { readRecords, type TableRecord } from './records.ts'
import { type RowContext, readRow } from './row.ts'

/** A table as it was read. */
export interface Table {
  /** As it is called in messages. */
  readonly file: string
  /** A clone each; where there are faults, as much of the rows as can be compared with others. */
  readonly rows: readonly BatchRow[]
  /** What is wrong with single rows and cells, by line. */
  readonly faults: readonly Fault[]
  /** Its lines, without their ends. */
  readonly lines: readonly string[]
}

/**
 * Reads a table of clones: CSV in UTF-8 with a header line. Faults of the table do not end the reading; they are handed back
 * all together. Throws VmcloneError where the defaults are wrong by themselves.
 */
export function readTable(bytes: Uint8Array, file: string, context: RowContext): Table {
  toRequest(context.defaults, context)
  const decoded = decodeTable(bytes)
  if ('fault' in decoded) return { file, rows: [], faults: [decoded.fault satisfies DecodeFault], lines: [] }
  const lines = decoded.text.split('\n')
  const { records, faults: quotes } = readRecords(lines)
  const [header, ...body] = records
  const [first, ...others] = quotes
  if (header === undefined || (first !== undefined && first.line < header.line)) {
    const empty = { line: 1, message: 'the table is empty', hint: 'Begin it with a line such as "name,ip".' }
    return { file, rows: [], faults: first === undefined ? [empty] : [first, ...others].map(plain), lines }
  }
  const { columns, faults: wrong } = readHeader(header)
  const faults: Fault[] = wrong.map((one) => ({ ...one, line: header.line }))
  for (const { cell, ...quote } of quotes) faults.push({ ...quote, ...nameAt(columns, cell) })
  if (body.length === 0 && faults.length === 0) {
    const hint = 'Write a line for each clone below the header.'
    faults.push({ line: header.line, message: 'the table has a header and no rows', hint })
  }
  const rows: BatchRow[] = []
  for (const record of body) {
    const { row, faults: found } = readRow(record, columns, context)
    if (row !== undefined) rows.push(row)
    faults.push(...found, ...tooMany(record, header))
  }
  return { file, rows, faults: faults.sort((a, b) => a.line - b.line), lines }
}

function plain({ line, message, hint }: Fault): Fault {
  return { line, message, ...(hint === undefined ? {} : { hint }) }
}

function nameAt(columns: readonly Column[], cell: number): { column?: string } {
  const column = columns.find(({ index }) => index === cell)?.name
  return column === undefined ? {} : { column }
}

function tooMany({ line, cells }: TableRecord, header: TableRecord): Fault[] {
  const stray = cells.findIndex((cell, index) => cell !== '' && (header.cells[index] ?? '') === '')
  if (stray < 0) return []
  return [
    {
      line,
      message: `cell ${stray + 1}, "${cells[stray]}", has no column in the header`,
      hint: 'Put a cell that holds the separator in quotes, or separate lists by ";" or blanks.',
    },
  ]
}
