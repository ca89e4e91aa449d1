import { syncFileSystem, syncPath } from '../../transaction/atomic.ts'
import type { Places } from './places.ts'
import type { PlannedClone } from './planned-clone.ts'
import type { Results } from './results.ts'
import type { BatchClone } from './types.ts'

/** A clone that is complete but for its final name. */
export interface Finished {
  readonly planned: PlannedClone
  readonly working: string
  readonly how: 'stamped' | 'edited'
  /** Stamped: that of its mold. */
  readonly shape?: string
  /** That ran over it. */
  readonly scripts?: BatchClone['scripts']
  /** True once it was read back in an appliance. */
  readBack?: boolean
}

/** Gives clones their final names, many at a time: everything is on the disk before the first of them has one. */
export class Publisher {
  readonly #places: Places
  readonly #results: Results
  readonly #waiting = new Set<Finished>()

  readonly #held = new Set<string>()
  readonly #guard: () => Promise<void>

  /** `guard` throws if the template is no longer what the clones were made of. */
  constructor(places: Places, results: Results, guard: () => Promise<void>) {
    this.#places = places
    this.#results = results
    this.#guard = guard
  }

  /** Those that wait for their names. */
  get waiting(): readonly Finished[] {
    return [...this.#waiting]
  }

  /** True if a working directory is that of a clone that waits or has its name. */
  holds(working: string): boolean {
    return this.#held.has(working)
  }

  add(finished: Finished): void {
    this.#waiting.add(finished)
    this.#held.add(finished.working)
  }

  /** A clone is not to be published after all; its directory goes. */
  async withdraw(finished: Finished): Promise<void> {
    this.#waiting.delete(finished)
    this.#held.delete(finished.working)
    await this.#places.discard(finished.working)
  }

  /** Publishes these. A clone whose name is taken meanwhile has failed; throws what a failing disk throws. */
  async publish(these: readonly Finished[]): Promise<void> {
    if (these.length === 0) return
    await this.#guard()
    await syncFileSystem(this.#places.to)
    for (const finished of these) {
      const { planned, working, how, scripts, readBack = false } = finished
      this.#waiting.delete(finished)
      try {
        // The caller's digest may throw: then the clone has failed before it has its name.
        this.#results.settle(planned)
        await this.#places.publish(working, planned.row.name)
        this.#results.done(planned, {
          status: 'fixed',
          how,
          readBack,
          ...(scripts === undefined ? {} : { scripts }),
        })
      } catch (error) {
        this.#held.delete(working)
        await this.#places.discard(working)
        this.#results.failed(planned.row, error)
      }
    }
    await syncPath(this.#places.to)
  }
}
