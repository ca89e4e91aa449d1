import type { VmcloneError } from '../../errors/index.ts'
import type { CloneStep, Event } from '../../events.ts'
import { Estimate } from './estimate.ts'

/** A clone that is being worked on. */
export interface Current {
  readonly name: string
  readonly step: CloneStep
}

/** A clone that could not be made. */
export interface Failure {
  readonly name: string
  readonly error?: VmcloneError
}

type CloneEvent = Extract<Event, { type: 'clone' }>

/** How far a batch is, from its events. */
export class BatchState {
  readonly total: number
  done = 0
  kept = 0
  failed = 0
  readonly #current = new Map<string, Current>()
  readonly #over = new Set<string>()
  readonly #estimate = new Estimate()

  /** `total`: clones in all. */
  constructor(total: number) {
    this.total = total
  }

  /** Takes an event at a time in seconds; gives the failure if it is one. */
  on({ vmx, name, step, error }: CloneEvent, now: number): Failure | undefined {
    if (step === 'waiting' || this.#over.has(vmx)) return undefined
    if (step !== 'kept') this.#estimate.begin(now)
    if (step !== 'done' && step !== 'kept' && step !== 'failed') {
      this.#current.set(vmx, { name, step })
      return undefined
    }
    this.#current.delete(vmx)
    this.#over.add(vmx)
    if (step === 'kept') this.kept++
    else this.#estimate.finished(now)
    if (step === 'done') this.done++
    if (step !== 'failed') return undefined
    this.failed++
    return error === undefined ? { name } : { name, error }
  }

  /** Those that are being worked on, the longest first. */
  get current(): Current[] {
    return [...this.#current.values()]
  }

  /** Seconds until all are finished; undefined while that cannot be said. */
  secondsLeft(now: number): number | undefined {
    return this.#estimate.left(this.total - this.done - this.kept - this.failed, now)
  }
}
