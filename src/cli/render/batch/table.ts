import type { BatchClone } from '../../../workflow/batch/types.ts'
import { columnsOf, pad } from '../columns.ts'
import { visible } from '../escape.ts'
import type { Look } from '../paint.ts'
import { type Cells, COLUMNS, type ColumnName, cellsOf } from './cells.ts'
import { type Column, columnsFor } from './layout.ts'

/** The identities, a line for each network card; where that is too wide, a block for each clone. */
export function* renderTable(clones: readonly BatchClone[], look: Look): Generator<string> {
  const rows = clones.map(cellsOf)
  const columns = columnsFor(rows.flat(), look.width)
  if (columns === undefined) {
    for (const own of rows) yield* stacked(own, look)
    return
  }
  yield look.paint(
    'bold',
    line(columns, ({ name }) => COLUMNS[name]),
  )
  for (const own of rows) {
    for (const cells of own)
      yield painted(
        line(columns, ({ text }) => text(cells)),
        own[0],
        look,
      )
  }
  const left = (['mac', 'uuid', 'machineId'] as const).filter(
    (name) => !columns.some((one) => one.name === name),
  )
  if (left.some((name) => rows.some(([cells]) => cells[name] !== ''))) {
    yield look.paint('dim', 'A wider terminal, --json and --report show all of it.')
  }
}

function line(columns: readonly Column[], text: (column: Column) => string): string {
  return columns
    .map((column) => pad(text(column), column.width))
    .join('  ')
    .trimEnd()
}

function painted(text: string, { written }: Cells, { paint }: Look): string {
  if (written === 'failed') return paint('red', text)
  return written === 'kept' || written === 'unchanged' ? paint('dim', text) : text
}

/** One clone beneath its name. */
function stacked([first, ...others]: readonly [Cells, ...Cells[]], look: Look): string[] {
  const labels = Object.keys(COLUMNS).filter((name) => name !== 'name') as ColumnName[]
  const widest = Math.max(...labels.map((name) => columnsOf(COLUMNS[name])))
  const lines = [first, ...others].flatMap((cells) =>
    labels
      .filter((name) => cells[name] !== '' && !(name === 'hostname' && cells.hostname === cells.name))
      .map((name) => `  ${pad(COLUMNS[name], widest)}  ${visible(cells[name])}`),
  )
  return [painted(visible(first.name), first, look), ...lines]
}
