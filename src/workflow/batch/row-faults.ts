import { asVmcloneError, VmcloneError } from '../../errors/index.ts'
import type { BatchRow } from './types.ts'

/** Why rows cannot be planned: told together, once all were tried. */
export class RowFaults {
  readonly #faults: { readonly row: BatchRow; readonly error: VmcloneError }[] = []

  /** Does what plans a row. */
  around(row: BatchRow, work: () => void): void {
    try {
      work()
    } catch (thrown) {
      this.#faults.push({ row, error: asVmcloneError(thrown) })
    }
  }

  /** Throws one error for all of them, if there are any; where the same is wrong with every row, that error itself. `rows`: how many there are. */
  refuse(rows: number): void {
    const faults = this.#faults
    const [first] = faults
    if (first === undefined) return
    const same = faults.every(({ error }) => error.message === first.error.message)
    if (same && faults.length === rows) throw first.error
    throw new VmcloneError('TABLE_INVALID', `${faults.length} of ${rows} clones cannot be planned`, {
      faults: faults.map(({ row, error }) => ({
        line: row.line,
        message: `${row.name}: ${error.message}`,
        hint: error.hint,
      })),
    })
  }
}
