import { basename, extname } from 'node:path'
import { VmcloneError } from '../errors/index.ts'
import type { Stage } from '../events.ts'
import type { Notice } from '../notices.ts'
import type { FixOptions } from './options.ts'
import type { CloneReport } from './report.ts'

/** One run over one clone: tells the caller what happens, gathers notices, measures time. */
export class Run {
  readonly options: FixOptions
  readonly notices: Notice[] = []
  readonly #started: number = performance.now()

  constructor(options: FixOptions) {
    this.options = options
  }

  /** Says that a stage begins. Throws INTERRUPTED if the caller has aborted. */
  stage(stage: Stage): void {
    this.throwIfAborted()
    this.options.onEvent?.({ type: 'stage', vmx: this.options.vmx, stage })
  }

  /** Keeps notices for the report and tells them at once; the same one twice counts once. */
  note(...notices: readonly Notice[]): void {
    for (const notice of notices) {
      if (this.notices.some(({ code, message }) => code === notice.code && message === notice.message))
        continue
      this.notices.push(notice)
      this.options.onEvent?.({ type: 'notice', vmx: this.options.vmx, notice })
    }
  }

  trace(text: string): void {
    this.options.onEvent?.({ type: 'trace', vmx: this.options.vmx, text })
  }

  throwIfAborted(): void {
    if (this.options.signal?.aborted)
      throw new VmcloneError('INTERRUPTED', 'interrupted; the VM is as it was')
  }

  /** The report of this run with what is known of every one. */
  report(part: Pick<CloneReport, 'status'> & Partial<CloneReport>): CloneReport {
    const { vmx } = this.options
    const seconds = Math.round(performance.now() - this.#started) / 1000
    return { name: basename(vmx, extname(vmx)), vmx, changes: [], ...part, notices: this.notices, seconds }
  }
}
