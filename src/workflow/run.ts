import { basename, extname, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { asVmcloneError, VmcloneError } from '../errors/index.ts'
import { STAGES, type Stage } from '../events.ts'
import type { Notice } from '../notices.ts'
import type { CommonOptions, FixOptions } from './options.ts'
import type { CloneReport } from './report.ts'

/** Milliseconds of computing at a time. */
const TURN_MS = 50

/** One run over one clone, or over a batch: tells the caller what happens, gathers notices, measures time. */
export class Run<O extends Pick<CommonOptions, 'signal' | 'onEvent'> = FixOptions> {
  readonly options: O
  readonly notices: Notice[] = []
  readonly #started: number = performance.now()
  #paused: number = this.#started

  /** What it is about, as the caller named it. */
  readonly subject: { readonly vmx: string } | { readonly root: string }

  constructor(options: O, subject: Run['subject']) {
    this.options = options
    this.subject = subject
  }

  readonly #stages: { readonly stage: Stage; readonly at: number }[] = []

  /** Says that a stage begins. Throws INTERRUPTED if the caller has aborted. */
  stage(stage: Stage): void {
    this.throwIfAborted()
    this.#stages.push({ stage, at: this.seconds })
    this.options.onEvent?.({ type: 'stage', vmx: this.#path, stage })
  }

  /** Keeps notices for the report and tells them at once; the same one twice counts once. */
  note(...notices: readonly Notice[]): void {
    for (const notice of notices) {
      if (this.notices.some(({ code, message }) => code === notice.code && message === notice.message))
        continue
      this.notices.push(notice)
      this.options.onEvent?.({ type: 'notice', vmx: this.#path, notice })
    }
  }

  /** Does the run's work; an error takes the notices along. */
  async telling<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (thrown) {
      const error = asVmcloneError(thrown)
      error.notices = this.notices
      throw error
    }
  }

  /** To be awaited within long computing: now and then others get their turn. Throws INTERRUPTED if the caller has aborted. */
  async pause(): Promise<void> {
    if (performance.now() - this.#paused < TURN_MS) return
    await setImmediate()
    this.#paused = performance.now()
    this.throwIfAborted()
  }

  trace(text: string): void {
    this.options.onEvent?.({ type: 'trace', vmx: this.#path, text })
  }

  throwIfAborted(): void {
    if (!this.options.signal?.aborted) return
    const it = 'vmx' in this.subject ? 'the VM' : 'the directory'
    throw new VmcloneError('INTERRUPTED', `interrupted; ${it} is as it was`)
  }

  /** How long each stage took so far, in seconds. */
  get timings(): { readonly what: string; readonly seconds: number }[] {
    return this.#stages.map(({ stage, at }, index) => {
      const end = this.#stages[index + 1]?.at ?? this.seconds
      return { what: STAGES[stage], seconds: Math.round((end - at) * 1000) / 1000 }
    })
  }

  /** Seconds since the run began. */
  get seconds(): number {
    return Math.round(performance.now() - this.#started) / 1000
  }

  /** The report of this run with what is known of every one. */
  report(part: Pick<CloneReport, 'status'> & Partial<CloneReport>): CloneReport {
    const path = this.#path
    const name = 'vmx' in this.subject ? basename(path, extname(path)) : basename(resolve(path)) || path
    return { name, ...this.subject, changes: [], ...part, notices: this.notices, seconds: this.seconds }
  }

  get #path(): string {
    return 'vmx' in this.subject ? this.subject.vmx : this.subject.root
  }
}
