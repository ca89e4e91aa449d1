import { asVmcloneError, type Fault, VmcloneError } from '../../errors/index.ts'
import { refuseFaults } from './fault.ts'
import type { BatchRow } from './types.ts'

/** Why rows cannot be planned: told together, once all were tried. */
export class RowFaults {
  readonly #known: readonly Fault[]
  readonly #faults: { readonly row: BatchRow; readonly error: VmcloneError }[] = []

  /** `known`: what was found wrong with rows before. */
  constructor(known: readonly Fault[] = []) {
    this.#known = known
  }

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
    const errors = this.#faults
    const faults = errors.map(({ row, error }) => ({
      line: row.line,
      message: `${row.name}: ${error.message}`,
      hint: error.hint,
    }))
    if (this.#known.length > 0) refuseFaults([...this.#known, ...faults])
    const [first] = errors
    if (first === undefined) return
    const same = errors.every(({ error }) => error.message === first.error.message)
    if (same && errors.length === rows) throw first.error
    throw new VmcloneError('TABLE_INVALID', `${errors.length} of ${rows} clones cannot be planned`, {
      faults,
    })
  }
}
