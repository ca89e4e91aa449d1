import { columnsOf } from '../columns.ts'
import { visible } from '../escape.ts'
import { type Cells, COLUMNS, type ColumnName, isWorthIt, shortened } from './cells.ts'

/** A column as it fits: its width, and how its texts are written. */
export interface Column {
  readonly name: ColumnName
  readonly width: number
  text(cells: Cells): string
}

const GAP = 2

/** What is given up, one after the other, until the rest fits. */
const GIVEN_UP = ['machineId/short', 'uuid/short', 'machineId', 'uuid', 'hostname', 'mac'] as const

/**
 * The columns that fit a width; undefined if not even name, address and outcome do.
 */
export function columnsFor(rows: readonly Cells[], width: number): Column[] | undefined {
  const names = (Object.keys(COLUMNS) as ColumnName[]).filter((name) => isWorthIt(name, rows))
  for (let given = 0; given <= GIVEN_UP.length; given++) {
    const up: readonly string[] = GIVEN_UP.slice(0, given)
    const columns = names
      .filter((name) => !up.includes(name))
      .map((name) => column(name, rows, up.includes(`${name}/short`)))
    if (totalOf(columns) <= width) return columns
  }
  return undefined
}

function column(name: ColumnName, rows: readonly Cells[], short: boolean): Column {
  const text = (cells: Cells) => visible(short ? shortened(cells[name]) : cells[name])
  const widths = rows.map((cells) => columnsOf(text(cells)))
  return { name, width: widths.reduce((most, one) => Math.max(most, one), columnsOf(COLUMNS[name])), text }
}

function totalOf(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width + GAP, 0)
}
