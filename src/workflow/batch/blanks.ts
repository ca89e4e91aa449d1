import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { type DiskCopy, type DiskMold, openMold } from '../../machine/clone/copy.ts'
import { flatten } from '../../machine/clone/flatten.ts'
import { cloneNames } from '../../machine/clone/names.ts'
import { openable } from '../../machine/disk/shadow.ts'
import type { Shop } from './lane.ts'

/** A full clone before it is stamped: its directory, and in it copies of the template's disks as they are. */
export interface Blank {
  readonly directory: string
  readonly disks: readonly DiskCopy[]
}

/** The template's disks, flattened. */
interface Base {
  readonly directory: string
  readonly disks: readonly DiskMold[]
  /** That they take on the disk. */
  readonly bytes: number
}

/**
 * Blanks for full clones. They are made ahead, one after the other in the order of the clones, from the moment that the batch begins:
 * while the appliance starts, the mold is edited and host keys are made. Where room gets short, or when one was made for nothing, no more are
 * made ahead, but each when it is asked for.
 */
export class Blanks {
  readonly #shop: Pick<Shop, 'run' | 'template' | 'places'>
  readonly #base: Promise<Base>
  readonly #blanks = new Map<string, Promise<Blank | undefined>>()
  /** Aborted: no more are made ahead. */
  readonly #ahead = new AbortController()
  readonly #closed = new AbortController()

  /** `names`: of the clones, in the order in which they will be asked for. */
  constructor(shop: Pick<Shop, 'run' | 'template' | 'places'>, names: readonly string[]) {
    this.#shop = shop
    this.#base = this.#flatten()
    const stopped = once(this.#ahead.signal, 'abort')
    let before: Promise<unknown> = Promise.race([this.#base.catch(() => this.#ahead.abort()), stopped])
    for (const name of names) {
      const made = before.then(() => this.#makeAhead(name))
      this.#blanks.set(name, made)
      before = made
    }
  }

  /** The blank of a clone. Throws what qemu-img throws, NO_SPACE, COPY_FAILED, INTERRUPTED. */
  async of(name: string): Promise<Blank> {
    const ahead = await this.#blanks.get(name)
    if (ahead !== undefined) return ahead
    const made = this.#make(name, this.#closed)
    this.#blanks.set(name, made)
    return made
  }

  /** The blank of a clone is the caller's from now on. */
  release(name: string): void {
    this.#blanks.delete(name)
  }

  /** Takes away the blank of a clone that is not to be stamped, if there is one. */
  async discard(name: string): Promise<void> {
    this.#ahead.abort()
    const blank = await this.#blanks.get(name)?.catch(() => undefined)
    this.#blanks.delete(name)
    if (blank !== undefined) await this.#shop.places.discard(blank.directory)
  }

  /** Takes away all that nobody took; nothing is being made any more when it returns. */
  async close(): Promise<void> {
    this.#ahead.abort()
    this.#closed.abort()
    for (const name of [...this.#blanks.keys()]) await this.discard(name)
    const base = await this.#base.catch(() => undefined)
    if (base !== undefined) await this.#shop.places.discard(base.directory)
  }

  /** None if it is better not to make one ahead; what went wrong will be told when it is asked for. */
  async #makeAhead(name: string): Promise<Blank | undefined> {
    try {
      if (!this.#ahead.signal.aborted && (await this.#hasRoom())) return await this.#make(name, this.#ahead)
    } catch {}
    this.#ahead.abort()
    return undefined
  }

  /** True if there is room for two: the mold is still to be edited, on the same file system. */
  async #hasRoom(): Promise<boolean> {
    const { bavail, bsize } = await statfs(this.#shop.places.to)
    return bavail * bsize >= 2 * (await this.#base).bytes
  }

  async #make(name: string, until: AbortController): Promise<Blank> {
    const { template, places } = this.#shop
    const base = await this.#base
    const directory = await places.working(name)
    try {
      const disks: DiskCopy[] = []
      for (const [index, disk] of cloneNames(template, name).disks.entries()) {
        const mold = base.disks[index] as DiskMold
        disks.push(await mold.copy(join(directory, disk), { how: 'copy', signal: this.#signal(until) }))
      }
      return { directory, disks }
    } catch (error) {
      await places.discard(directory)
      throw error
    }
  }

  async #flatten(): Promise<Base> {
    const { template, places } = this.#shop
    const directory = await places.working(`base-${randomUUID()}`)
    try {
      const disks: DiskMold[] = []
      let bytes = 0
      for (const [index, name] of cloneNames(template, 'base').disks.entries()) {
        const { chain } = template.disks[index] as (typeof template.disks)[number]
        const { path } = await openable(chain, directory)
        const options = { signal: this.#signal(this.#closed) }
        const { leaf } = await flatten({ path, format: 'vmdk' }, join(directory, name), chain, options)
        const stats = await Promise.all(leaf.files.map((file) => stat(file)))
        bytes += stats.reduce((sum, { blocks }) => sum + blocks * 512, 0)
        disks.push(await openMold(leaf))
      }
      return { directory, disks, bytes }
    } catch (error) {
      await places.discard(directory)
      throw error
    }
  }

  #signal(until: AbortController): AbortSignal {
    const { signal } = this.#shop.run.options
    return signal === undefined ? until.signal : AbortSignal.any([signal, until.signal])
  }
}
