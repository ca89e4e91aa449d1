import type { Identity } from '../../identity/identity.ts'
import type { Notice } from '../../notices.ts'
import type { Change } from '../../transaction/change.ts'
import type { IdentityCard } from '../report.ts'
import type { BatchRow } from './types.ts'

/** What is known of a clone once it is planned. */
interface Planned {
  readonly row: BatchRow
  readonly identity: Identity
  readonly notices: readonly Notice[]
  readonly was: IdentityCard
  readonly card: IdentityCard
}

/** Everything that is to happen to one clone. */
export class PlannedClone implements Planned {
  readonly row: BatchRow
  readonly identity: Identity
  readonly notices: readonly Notice[]
  readonly was: IdentityCard
  readonly card: IdentityCard
  #changes: readonly Change[] | undefined
  readonly #again: () => readonly Change[]
  #settled = false

  /** `again` makes the same changes once more. */
  constructor(
    planned: Planned & { readonly changes: readonly Change[]; readonly again: () => readonly Change[] },
  ) {
    this.row = planned.row
    this.identity = planned.identity
    this.notices = planned.notices
    this.was = planned.was
    this.card = planned.card
    this.#changes = planned.changes
    this.#again = planned.again
  }

  /** From the template's files to the clone's: one change a path. */
  get changes(): readonly Change[] {
    return this.#changes ?? this.#again()
  }

  /**
   * To be called when little more will be asked of it than what the report shows. True if there is room for its changes; else each
   * time that they are asked for, they are made again.
   */
  settle(room: PlanRoom): boolean {
    if (this.#settled || this.#changes === undefined) return this.#changes !== undefined
    this.#settled = true
    if (!room.take(this.#changes)) this.#changes = undefined
    return this.#changes !== undefined
  }
}

/** Memory for plans that are kept for the report. Many clones, or hosts files that name them all, would fill that of Node. */
export class PlanRoom {
  #bytes: number

  constructor(bytes: number = PLAN_BYTES) {
    this.#bytes = bytes
  }

  /** False if there is no room for these. */
  take(changes: readonly Change[]): boolean {
    const own = changes.reduce(
      (sum, change) => sum + CHANGE_BYTES + (change.kind === 'write' ? change.after.length : 0),
      0,
    )
    if (own > this.#bytes) return false
    this.#bytes -= own
    return true
  }
}

const PLAN_BYTES = 4 * 1024 * 1024
/** What a change takes besides the content that it writes. */
const CHANGE_BYTES = 512
