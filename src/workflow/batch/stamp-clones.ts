import type { FoundStorage } from '../../guest/storage/facts.ts'
import { stamp } from '../../machine/stamp/stamp.ts'
import type { Blanks } from './blanks.ts'
import { furnish } from './furnish.ts'
import { Lane, type Shop } from './lane.ts'
import { type Mold, type MoldGround, makeMold, type NoMold } from './mold.ts'
import type { PlannedClone } from './planned-clone.ts'
import type { Finished } from './publish.ts'
import { ownContents, shapeOf, skeletonOf, unstampable } from './shape.ts'

/** Fewer clones than this are edited as quickly as a mold for them. */
const WORTH_A_MOLD = 3

/** What stamping needs besides the shop. */
export interface StampGround {
  readonly storage: FoundStorage
  /** Block size of the file system that a path of the guest lies on; undefined where it cannot be stamped. */
  readonly blockSizeOf: (path: string) => number | undefined
  /** Paths whose contents differ over the clones. */
  readonly varying: ReadonlySet<string>
  /** How many clones have this skeleton. */
  readonly countOf: (skeleton: string) => number
  /** For full clones. */
  readonly blanks?: Blanks
}

/**
 * Makes clones as copies of molds, one mold a shape. Shapes of one skeleton (the same files, of other lengths) come one after the other
 * from one edited disk; another skeleton needs a disk of its own.
 */
export class Stamper {
  readonly #shop: Shop
  readonly #ground: StampGround
  readonly #lanes = new Map<string, Lane>()
  readonly #molds = new Map<string, Promise<Mold | NoMold>>()
  #free: Lane | undefined

  /** `lane`: an appliance over one untouched mold, which is closed here. */
  constructor(shop: Shop, ground: StampGround, lane: Lane) {
    this.#shop = shop
    this.#ground = ground
    this.#free = lane
  }

  /** The clone's mold, made if it is the first of its shape; a reason if it cannot be stamped. */
  moldFor(planned: PlannedClone): Promise<Mold | NoMold> {
    const { changes } = planned
    const reason = unstampable(changes)
    if (reason !== undefined) return Promise.resolve({ reason })
    const shape = shapeOf(changes)
    const made = this.#molds.get(shape) ?? this.#make(planned)
    this.#molds.set(shape, made)
    return made
  }

  /** Makes a clone of its mold, complete but for its final name. */
  async stamp(mold: Mold, planned: PlannedClone): Promise<Finished> {
    const { places } = this.#shop
    const { name } = planned.row
    const { directory: working, fileOf } = await mold.disksOf(name)
    try {
      const contents = ownContents(planned.changes, this.#ground.varying)
      await stamp(mold.places, (path) => contents.get(path), fileOf)
      await furnish(this.#shop, planned, working, places.final(name))
      return { planned, working, how: 'stamped', shape: mold.shape }
    } catch (error) {
      await places.discard(working)
      throw error
    }
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#lanes.values(), ...(this.#free ? [this.#free] : [])].map((lane) => lane.close()),
    )
  }

  async #make(planned: PlannedClone): Promise<Mold | NoMold> {
    const skeleton = skeletonOf(planned.changes)
    const lane = this.#lanes.get(skeleton) ?? (await this.#laneFor(skeleton))
    if (lane === undefined) return { reason: 'too few clones have the same changes' }
    const ground: MoldGround = { lane, ...this.#ground }
    return makeMold(this.#shop, ground, planned)
  }

  async #laneFor(skeleton: string): Promise<Lane | undefined> {
    const free = this.#free
    this.#free = undefined
    if (free === undefined && this.#ground.countOf(skeleton) < WORTH_A_MOLD) return undefined
    const lane = free ?? (await Lane.open(this.#shop, [`mold-${this.#lanes.size}`], this.#ground.storage))
    this.#lanes.set(skeleton, lane)
    return lane
  }
}
