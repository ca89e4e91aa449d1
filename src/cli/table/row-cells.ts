import { asVmcloneError, type Fault } from '../../errors/index.ts'
import type { Value } from '../options/given.ts'
import type { NicPart } from '../options/nic.ts'
import type { OptionName } from '../options/table.ts'
import { readNicCell, readOptionCell } from './cells.ts'
import type { Column } from './columns.ts'
import type { TableRecord } from './records.ts'

/** The cells of one row, read each by itself. */
export interface RowCells {
  readonly name?: string
  readonly vmx?: string
  readonly options: Partial<Record<OptionName, Value<unknown>>>
  /** By device: what the cells say of the card, each with its column. */
  readonly nics: ReadonlyMap<string, readonly { readonly column: string; readonly part: NicPart }[]>
  readonly faults: Fault[]
}

/** Nearer to the user than the command line. */
const RANK = -1

/** Reads the cells; those that are empty or wrong are left out, and what is wrong with them is told. */
export function readCells({ line, cells }: TableRecord, columns: readonly Column[]): RowCells {
  const own: { name?: string; vmx?: string } = {}
  const options: RowCells['options'] = {}
  const nics = new Map<string, { column: string; part: NicPart }[]>()
  const faults: Fault[] = []
  for (const { name: column, index, means } of columns) {
    const text = cells[index] ?? ''
    if (text === '') continue
    try {
      if (means.kind === 'option') {
        const value = readOptionCell(means.option, text)
        options[means.option] = { value, source: { rank: RANK, label: column } }
      } else if (means.kind === 'nic') {
        const parts = nics.get(means.device) ?? []
        nics.set(means.device, parts)
        parts.push({ column, part: readNicCell(means.part, text) })
      } else {
        own[means.kind] = text
      }
    } catch (thrown) {
      faults.push(faultAt(line, column, thrown))
    }
  }
  return { ...own, options, nics, faults }
}

/** What was thrown over a value, as a fault of its row. */
export function faultAt(line: number, column: string | undefined, thrown: unknown): Fault {
  const { code, message, hint } = asVmcloneError(thrown)
  if (code === 'INTERNAL') throw thrown
  return { line, ...(column === undefined ? {} : { column }), message, hint }
}
