import { type Fault, VmcloneError } from '../../errors/index.ts'

/** Where rows come from, as far as the caller knows. */
export interface TableSource {
  /** As it is called in messages. */
  readonly file: string
  /** Its lines, without their ends. */
  readonly lines: readonly string[]
}

/** One error that stands for all faults of a table, by line; with their lines' text where the source is known. */
export function tableInvalid(faults: readonly Fault[], source?: TableSource): VmcloneError {
  const all = [...faults]
    .sort((one, other) => one.line - other.line)
    .map((fault) => {
      const text = source?.lines[fault.line - 1]
      return text === undefined ? fault : { ...fault, text }
    })
  const count = all.length === 1 ? 'a fault' : `${all.length} faults`
  return new VmcloneError('TABLE_INVALID', `${source?.file ?? 'the table'} has ${count}`, { faults: all })
}

/** Throws all of these, if there are any. */
export function refuseFaults(faults: readonly Fault[]): void {
  if (faults.length > 0) throw tableInvalid(faults)
}
