import type { BatchClone } from '../../../workflow/batch/types.ts'
import { type Cells, COLUMNS, type ColumnName, cellsOf, isWorthIt } from '../batch/cells.ts'
import { text } from './markup.ts'

/** Roles are said though a table has them: on a narrow screen its rows are shown as cards, which takes them away. */
export function* identityTable(clones: readonly BatchClone[]): Generator<string> {
  const rows = clones.map(cellsOf)
  const columns = (Object.keys(COLUMNS) as ColumnName[]).filter((name) => isWorthIt(name, rows.flat()))
  const heads = columns.map((name) => `<th role="columnheader" scope="col">${COLUMNS[name]}</th>`)
  yield `<p class="tools" hidden><label>Filter <input type="search" autocomplete="off"></label> <output></output></p>
<div class="wide"><table role="table" aria-label="Identities">
<thead role="rowgroup"><tr role="row">${heads.join('')}</tr></thead>
`
  for (const [index, own] of rows.entries()) {
    const status = clones[index]?.status === 'failed' ? ' class="failed"' : ''
    yield `<tbody role="rowgroup"${status}>${own.map((cells) => row(cells, columns)).join('')}</tbody>\n`
  }
  yield '</table></div>\n'
}

function row(cells: Cells, columns: readonly ColumnName[]): string {
  const inner = columns.map((name) => {
    if (cells[name] === '') return '<td role="cell"></td>'
    if (name === 'name') return `<th role="rowheader" scope="row">${text(cells.name)}</th>`
    return `<td role="cell" data-label="${COLUMNS[name]}"><span class="${name}">${text(cells[name])}</span></td>`
  })
  return `<tr role="row">${inner.join('')}</tr>`
}
