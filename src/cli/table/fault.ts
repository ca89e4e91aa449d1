import { type Fault, VmcloneError } from '../../errors/index.ts'
import type { Table } from './read.ts'

/** One error that stands for all faults of a table, by line, each with its line's text. */
export function tableInvalid(
  { file, lines }: Pick<Table, 'file' | 'lines'>,
  faults: readonly Fault[],
): VmcloneError {
  const all = [...faults]
    .sort((one, other) => one.line - other.line)
    .map((fault) => {
      const text = lines[fault.line - 1]
      return text === undefined ? fault : { ...fault, text }
    })
  const count = all.length === 1 ? 'a fault' : `${all.length} faults`
  return new VmcloneError('TABLE_INVALID', `${file} has ${count}`, { faults: all })
}
