import { join } from 'node:path'
import { asVmcloneError, type VmcloneError } from '../../errors/index.ts'
import type { CloneStep } from '../../events.ts'
import type { HostsEntry } from '../../identity/request.ts'
import type { Run } from '../run.ts'
import type { Sweep } from '../sweep/types.ts'
import type { Digester } from './digest.ts'
import type { Outline } from './plan-threads.ts'
import { type PlannedClone, PlanRoom } from './planned-clone.ts'
import type { BatchClone, BatchOptions, BatchRow } from './types.ts'

/** What becomes of each row, told as it happens. */
export class Results {
  /** What every clone's hosts file was given, with the guest's domain; undefined if that is not known. */
  hosts: readonly HostsEntry[] | undefined
  /** What still names the template in the clones; undefined if that was not looked for. */
  sweep: Sweep | undefined
  /** For plans that are wanted once more. */
  readonly room = new PlanRoom()
  readonly #digests = new Map<BatchRow, unknown>()
  readonly #run: Run<BatchOptions>
  readonly #rows: readonly BatchRow[]
  readonly #to: string
  readonly #digest: Digester | undefined
  readonly #ended = new Map<BatchRow, BatchClone>()
  readonly #begun = new Map<BatchRow, number>()

  /** `to`: the directory of new clones, as the caller named it. */
  constructor(
    run: Run<BatchOptions>,
    { rows, to, digest }: { rows: readonly BatchRow[]; to: string; digest: Digester | undefined },
  ) {
    this.#run = run
    this.#rows = rows
    this.#to = to
    this.#digest = digest
  }

  /** The .vmx of a row's clone, as the caller would name it. */
  vmxOf({ name, vmx }: BatchRow): string {
    return vmx ?? join(this.#to, name, `${name}.vmx`)
  }

  step(row: BatchRow, step: CloneStep, error?: VmcloneError): void {
    if (!this.#begun.has(row)) this.#begun.set(row, this.#run.seconds)
    this.#run.options.onEvent?.({
      type: 'clone',
      vmx: this.vmxOf(row),
      name: row.name,
      step,
      ...(error === undefined ? {} : { error }),
    })
  }

  /** To be called when nothing but the report will ask for a clone's changes: where room is short, they are dropped. */
  settle(planned: PlannedClone): void {
    const { row } = planned
    if (this.#digest && !this.#digests.has(row))
      this.#digests.set(row, this.#digest(row.name, planned.changes))
    planned.settle(this.room)
  }

  /** A clone that has come to its end, or its plan in a dry run. */
  done(planned: PlannedClone, part: Pick<BatchClone, 'status'> & Partial<BatchClone>): void {
    const { row, was, card, notices } = planned
    this.settle(planned)
    const digest = this.#digests.get(row)
    this.#digests.delete(row)
    const own = { was, identity: card, notices, ...(digest === undefined ? {} : { digest }) }
    this.end(row, { ...own, ...part }, planned)
  }

  /** A clone that was planned where its plan stayed; `again` gives its changes. */
  outlined(
    row: BatchRow,
    { was, card, notices, digest }: Pick<Outline, 'was' | 'card' | 'notices' | 'digest'>,
    { again, ...part }: Pick<BatchClone, 'status' | 'scripts'> & { again: () => BatchClone['changes'] },
  ): void {
    const planned = {
      get changes() {
        return again()
      },
    }
    this.end(row, { was, identity: card, notices, digest, ...part }, planned)
  }

  failed(row: BatchRow, thrown: unknown): void {
    const error = asVmcloneError(thrown)
    this.#digests.delete(row)
    this.end(row, { status: 'failed', error, notices: error.notices })
  }

  /** `planned` says what changes it, if that does not stand in `part`. */
  end(
    row: BatchRow,
    part: Pick<BatchClone, 'status'> & Partial<BatchClone>,
    planned?: Pick<BatchClone, 'changes'>,
  ): void {
    const { name, line } = row
    const seconds =
      Math.round((this.#run.seconds - (this.#begun.get(row) ?? this.#run.seconds)) * 1000) / 1000
    const clone: BatchClone = {
      name,
      line,
      vmx: this.vmxOf(row),
      get changes() {
        return planned?.changes ?? []
      },
      notices: [],
      seconds,
      ...part,
    }
    this.#ended.set(row, clone)
    this.step(row, part.status === 'failed' ? 'failed' : part.kept ? 'kept' : 'done', part.error)
  }

  has(row: BatchRow): boolean {
    return this.#ended.has(row)
  }

  get finished(): number {
    return [...this.#ended.values()].filter(({ status }) => status !== 'failed').length
  }

  get failures(): { readonly row: BatchRow; readonly error: VmcloneError }[] {
    return [...this.#ended].flatMap(([row, { error }]) => (error === undefined ? [] : [{ row, error }]))
  }

  /** In the order of the rows; all have come to an end. */
  get clones(): BatchClone[] {
    for (const row of this.#rows)
      if (!this.has(row)) this.failed(row, new Error(`nothing is known of ${row.name}`))
    return this.#rows.flatMap((row) => this.#ended.get(row) ?? [])
  }
}
