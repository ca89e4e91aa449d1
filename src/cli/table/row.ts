import { isAbsolute, join } from 'node:path'
import { asVmcloneError, type Fault } from '../../errors/index.ts'
import type { CloneRequest } from '../../identity/request.ts'
import type { BatchRow } from '../../workflow/batch/types.ts'
import { type Values, withoutRivals } from '../options/given.ts'
import type { OptionName } from '../options/table.ts'
import { type RequestContext, toRequest } from '../request.ts'
import type { Column } from './columns.ts'
import { hostnameOfName, nameFault } from './name.ts'
import type { TableRecord } from './records.ts'
import { type RowCells, readCells } from './row-cells.ts'
import { nicsOf } from './row-nics.ts'

/** What stands behind the cells of every row. */
export interface RowContext extends RequestContext {
  /** Values of the command line, the environment and configuration files. */
  readonly defaults: Values
  /** What paths in cells start from. */
  readonly directory: string
}

/**
 * A row as a clone to be, and what is wrong with it. A wrong cell counts as empty, so that the rest of the row can be compared
 * with other rows; without a name there is no row.
 */
export function readRow(
  record: TableRecord,
  columns: readonly Column[],
  context: RowContext,
): { row?: BatchRow; faults: readonly Fault[] } {
  const { line } = record
  const cells = readCells(record, columns)
  const { faults, name, vmx } = cells
  const fault = (column: string, message: string, hint: string) => {
    if (columns.some((one) => one.name === column)) faults.push({ line, column, message, hint })
  }
  if (name === undefined) {
    fault('name', 'the row has no name', 'Give each clone a name of its own.')
    return { faults }
  }
  const wrong = nameFault(name)
  if (wrong !== undefined) {
    fault('name', `"${name}" ${wrong}`, 'Directory and files get this name: letters, digits, "-" are safe.')
  }
  const hostname = hostnameOf(name, cells, context)
  if (hostname === undefined && wrong === undefined) {
    fault('name', `no host name can be made of "${name}"`, 'Name it in a column hostname.')
  }
  const request = requestOf(valuesOf(cells, line, context.defaults), { line, faults, context })
  const row = { name, line, request: { ...request, name, ...(hostname === undefined ? {} : { hostname }) } }
  const path = vmx === undefined || isAbsolute(vmx) ? vmx : join(context.directory, vmx)
  return { row: path === undefined ? row : { ...row, vmx: path }, faults }
}

function hostnameOf(name: string, { options }: RowCells, { defaults }: RowContext): string | undefined {
  const asked = (options.hostname ?? defaults.hostname)?.value ?? 'auto'
  return asked === 'auto' ? hostnameOfName(name) : (asked as string)
}

function valuesOf(cells: RowCells, line: number, defaults: Values): Values {
  const { options, faults, vmx } = cells
  const values = { ...withoutRivals({ ...defaults, ...options } as Values) }
  const nics = nicsOf(cells, defaults.nic?.value ?? [], { line, faults })
  if (nics.length > 0) values.nic = { value: nics, source: { rank: -1, label: 'nic' } }
  if (vmx !== undefined || values.ip !== undefined) return values
  // Without an address a new clone keeps the template's way to one; what belongs to addresses is meant for other rows.
  for (const name of ['prefix', 'netmask', 'gateway'] as const) {
    if (values[name] === defaults[name]) delete values[name]
  }
  return values
}

/** The request; cells that contradict others are told and left out. */
function requestOf(
  values: Values,
  { line, faults, context }: { line: number; faults: Fault[]; context: RowContext },
): CloneRequest {
  const rest: { -readonly [N in keyof Values]: Values[N] } = { ...values }
  for (;;) {
    try {
      return toRequest(rest, context)
    } catch (thrown) {
      const { message, hint } = asVmcloneError(thrown)
      const [, column = '', fact = message] = /^([a-z0-9-]+): (.*)$/s.exec(message) ?? []
      const name = (Object.keys(rest) as OptionName[]).find((one) => one === column)
      if (name === undefined) throw thrown
      faults.push({ line, column, message: fact, hint })
      delete rest[name]
    }
  }
}
