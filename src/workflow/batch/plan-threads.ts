import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { StorageId } from '../../guest/storage-id.ts'
import type { GuestNode } from '../../guest/tree.ts'
import type { CloneRequest, HostsEntry } from '../../identity/request.ts'
import type { Given, Taken } from '../../identity/taken.ts'
import type { Vmnet } from '../../network/model.ts'
import type { Notice } from '../../notices.ts'
import type { IdentityCard } from '../report.ts'
import type { DigestSource } from './digest.ts'
import type { BatchRow, CloneKind } from './types.ts'

/** What a thread plans from. Plain data: the template is read there again. */
export interface ApartGround {
  readonly vmx: string
  readonly clone: CloneKind
  readonly force: boolean
  readonly guest: {
    readonly nodes: readonly GuestNode[]
    readonly selinux: boolean
    readonly storage?: readonly StorageId[]
  }
  readonly vmnets: readonly Vmnet[]
  /** What selects the operations. */
  readonly select: Pick<CloneRequest, 'enable' | 'disable'>
  readonly to: string
  readonly seed: string
  readonly taken: Taken
  readonly hostsBlock?: readonly HostsEntry[]
  readonly digest?: DigestSource
}

/** What a dry run's report needs of a clone that was planned, and which of what is drawn it got. */
export interface Outline {
  readonly given: Given
  readonly was: IdentityCard
  readonly card: IdentityCard
  readonly notices: readonly Notice[]
  readonly digest: unknown
}

/** Rows that go to a thread at a time. */
const PORTION = 50

/** Portions that a thread takes at a time, so that it need not wait for the next one. */
const WAITING = 2

/** What a thread makes for a plan is soon garbage, for which V8 would keep three times as much ready. */
const YOUNG_MIB = 24

/** More threads would take more memory than they save time: each has the template's guest. */
const MOST = 4

/** Threads that plan clones. */
export class PlanThreads {
  readonly #threads: readonly Thread[]

  private constructor(threads: readonly Thread[]) {
    this.#threads = threads
  }

  /** Starts so many, by default by the host's cores; undefined if one would be alone. */
  static start(count: number = Math.min(MOST, availableParallelism())): PlanThreads | undefined {
    return count < 2 ? undefined : new PlanThreads(Array.from({ length: count }, () => new Thread()))
  }

  /** What became of each row, in their order; undefined for one that could not be planned there, for whatever reason. */
  async *plan(
    ground: ApartGround,
    rows: readonly BatchRow[],
  ): AsyncGenerator<{ readonly row: BatchRow; readonly outline: Outline | undefined }> {
    for (const thread of this.#threads) thread.begin(ground)
    const portions: Portion[] = []
    for (let from = 0; from < rows.length; from += PORTION)
      portions.push(new Portion(rows.slice(from, from + PORTION)))
    const left = portions.values()
    const working = this.#threads.flatMap((thread) =>
      Array.from({ length: WAITING }, () => thread.work(left)),
    )
    // If all threads are over, nobody else would say so of what is left.
    void Promise.all(working).then(() => {
      for (const portion of left) portion.settle(undefined)
    })
    for (const portion of portions) {
      const outlines = await portion.outlines
      yield* portion.rows.map((row, index) => ({ row, outline: outlines?.[index] }))
    }
  }

  /** Ends them at once; rows that are not planned come back without an outline. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }
}

/** Rows that are planned together, by whichever thread is free. */
class Portion {
  readonly rows: readonly BatchRow[]
  readonly outlines: Promise<Outline[] | undefined>
  settle: (outlines: Outline[] | undefined) => void = () => undefined

  constructor(rows: readonly BatchRow[]) {
    this.rows = rows
    this.outlines = new Promise((resolve) => {
      this.settle = resolve
    })
  }
}

/** One of them; what it is asked it answers in that order. */
class Thread {
  readonly #worker = new Worker(new URL('./plan-thread.js', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  })
  readonly #asked: ((outlines: Outline[] | undefined) => void)[] = []
  #over = false

  constructor() {
    this.#worker.on('message', (outlines: Outline[]) => this.#asked.shift()?.(outlines))
    // An error ends it.
    this.#worker.on('error', () => undefined)
    this.#worker.on('exit', () => {
      this.#over = true
      for (const answer of this.#asked) answer(undefined)
    })
  }

  begin(ground: ApartGround): void {
    this.#worker.postMessage(ground)
  }

  /** Plans one portion after the other as long as there are any. */
  async work(left: Iterator<Portion>): Promise<void> {
    while (!this.#over) {
      const { value: portion } = left.next()
      if (portion === undefined) return
      portion.settle(await this.#plan(portion.rows))
    }
  }

  #plan(rows: readonly BatchRow[]): Promise<Outline[] | undefined> {
    this.#worker.postMessage(rows)
    return new Promise((resolve) => this.#asked.push(resolve))
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
