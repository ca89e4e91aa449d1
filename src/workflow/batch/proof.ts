import { randomInt } from 'node:crypto'
import type { EditShop } from './edit-clones.ts'
import { eachOf, inGroups } from './groups.ts'
import type { Lane } from './lane.ts'
import type { PlannedClone } from './planned-clone.ts'
import type { Finished } from './publish.ts'
import { readBack } from './read-back.ts'

/** Machines in one appliance that only reads. */
const READERS = 24
/** Seconds that finished clones wait for their names at most, where many are still to come: longer than a reader takes to start. */
const EARLY_SECONDS = 60

/** Clones that differ in nothing but contents. */
interface Shape {
  clones: Finished[]
  /** True once one of them was read back and held what was planned. */
  proven: boolean
}

/**
 * Stamped clones get their final names when their shape is proven: when one of it was opened in an appliance and held what was
 * planned. In the end the last of each shape and one that is drawn are opened too; with --verify all are. A clone that
 * does not hold it takes all of its shape that have no names yet with it: they are to be edited.
 */
export class Proof {
  readonly #shop: EditShop
  readonly #jobs: number
  readonly #lane: Lane
  readonly #all: boolean
  readonly #shapes = new Map<string, Shape>()
  readonly #shapeOf = new Map<Finished, Shape>()
  readonly #rejected: PlannedClone[] = []
  #count = 0
  /** When clones got their names last, in seconds of the run. */
  #last: number

  /** `lane`: an appliance that runs, through which clones are read if it serves. */
  constructor(shop: EditShop, lane: Lane, jobs: number) {
    this.#shop = shop
    this.#lane = lane
    this.#jobs = jobs
    this.#all = shop.run.options.verify ?? false
    this.#last = shop.run.seconds
  }

  add(finished: Finished): void {
    const { planned, shape: key = '' } = finished
    this.#shop.results.settle(planned)
    const shape = this.#shapes.get(key) ?? { clones: [], proven: false }
    shape.clones.push(finished)
    this.#shapes.set(key, shape)
    this.#shapeOf.set(finished, shape)
    this.#shop.publisher.add(finished)
    this.#count++
  }

  /** Publishes what can be before all are made, so that a run that ends early keeps much. `expected`: clones in all. */
  async early(expected: number): Promise<void> {
    const { run } = this.#shop
    if (this.#all || this.#count === expected || run.seconds - this.#last < EARLY_SECONDS) return
    const firsts = [...this.#shapes.values()].flatMap(({ clones, proven }) =>
      proven ? [] : clones.slice(0, 1),
    )
    await this.#read(firsts)
    await this.#publishProven()
    this.#last = run.seconds
  }

  /** Reads the samples that remain and publishes the rest; gives the clones that are to be edited instead. */
  async end(): Promise<PlannedClone[]> {
    await this.#read([...this.#shapes.values()].flatMap(({ clones }) => this.#samplesOf(clones)))
    await this.#publishProven()
    return this.#rejected
  }

  #samplesOf(clones: readonly Finished[]): Finished[] {
    const waiting = this.#shop.publisher.waiting
    const drawn = clones[randomInt(Math.max(1, clones.length))]
    const wanted = this.#all ? clones : [clones[0], clones.at(-1), drawn]
    return [...new Set(wanted)].filter(
      (one): one is Finished => one !== undefined && !one.readBack && waiting.includes(one),
    )
  }

  async #read(samples: readonly Finished[]): Promise<void> {
    const { results, run } = this.#shop
    if (samples.length === 0) return
    for (const { planned } of samples) results.step(planned.row, 'checking')
    await eachOf(
      inGroups(samples, 1, READERS),
      this.#lane.appliance.serves ? 1 : this.#jobs,
      async (group) => {
        const found = await readBack(this.#shop, group, { ...this.#shop, running: this.#lane.appliance })
        for (const [finished, wrong] of found) {
          const shape = this.#shapeOf.get(finished) as Shape
          // One like it was rejected before it.
          if (!shape.clones.includes(finished)) continue
          if (wrong === undefined) {
            finished.readBack = true
            shape.proven = true
            continue
          }
          run.note({
            code: 'stamp-rejected',
            message: `${finished.planned.row.name} was stamped and did not come out as planned: ${wrong.message}`,
            hint: 'It and all clones like it were made by editing them in an appliance instead.',
          })
          await this.#reject(shape)
        }
      },
    )
  }

  async #reject(shape: Shape): Promise<void> {
    const { publisher } = this.#shop
    const waiting = new Set(publisher.waiting)
    for (const finished of shape.clones) {
      if (!waiting.has(finished)) continue
      await publisher.withdraw(finished)
      this.#rejected.push(finished.planned)
    }
    shape.clones = []
    shape.proven = false
  }

  async #publishProven(): Promise<void> {
    const { publisher } = this.#shop
    const proven = publisher.waiting.filter((finished) => this.#shapeOf.get(finished)?.proven)
    await publisher.publish(proven)
  }
}
