import { asVmcloneError, VmcloneError } from '../../errors/index.ts'
import { canServe, DiskServer, type ServedImage } from '../../guest/disk-server.ts'
import type { Guest } from '../../guest/guest.ts'
import { SharedAppliance } from '../../guest/shared.ts'
import type { FoundStorage } from '../../guest/storage/facts.ts'
import type { KeyRing } from '../../guest/storage/keys.ts'
import { MoreMemoryNeeded } from '../../guest/storage/luks.ts'
import type { Template } from '../../machine/clone/template.ts'
import { applianceOptions } from '../open-guest.ts'
import type { Run } from '../run.ts'
import { makeWorkDisks, type WorkDisks } from './disks.ts'
import type { Places } from './places.ts'
import type { BatchOptions } from './types.ts'

/** Where and of what clones are made. */
export interface Shop {
  readonly run: Run<BatchOptions>
  readonly template: Template
  readonly places: Places
  readonly keys: KeyRing
}

/** One clone, or mold, in the making: a directory of its own with disks that an appliance writes to. */
export interface Bench {
  readonly directory: string
  readonly work: WorkDisks
}

interface LaneOptions {
  /** What was found on the template's disks. */
  readonly storage?: FoundStorage
  /** True: it is also for looking at finished clones, if this host can do that. */
  readonly looks?: boolean
}

/** Directories with disks, and an appliance that has them all. */
export class Lane {
  readonly benches: readonly Bench[]
  readonly #shop: Shop
  #appliance: SharedAppliance
  readonly #server: DiskServer | undefined

  private constructor(
    shop: Shop,
    benches: readonly Bench[],
    appliance: SharedAppliance,
    server: DiskServer | undefined,
  ) {
    this.#shop = shop
    this.benches = benches
    this.#appliance = appliance
    this.#server = server
  }

  /**
   * Makes a directory and disks for each name and starts an appliance over them. Throws what files and appliance throw; nothing is
   * left then.
   */
  static async open(
    shop: Shop,
    names: readonly string[],
    { storage, looks = false }: LaneOptions = {},
  ): Promise<Lane> {
    const benches: Bench[] = []
    try {
      for (const name of names) {
        const directory = await shop.places.working(name)
        benches.push({ directory, work: await makeWorkDisks(shop.template, directory, name) })
      }
      if (looks) {
        const lane = await Lane.#looking(shop, benches, storage)
        if (lane) return lane
      }
      return new Lane(shop, benches, await start(shop, benches, { storage }), undefined)
    } catch (error) {
      for (const { directory } of benches) await shop.places.discard(directory)
      throw error
    }
  }

  static async #looking(
    shop: Shop,
    benches: readonly Bench[],
    storage: FoundStorage | undefined,
  ): Promise<Lane | undefined> {
    const { environment = {} } = shop.run.options
    if (!canServe(environment)) return undefined
    let server: DiskServer | undefined
    try {
      server = await DiskServer.start(
        shop.template.disks.map(({ chain }) => chain.capacity),
        environment,
      )
      return new Lane(shop, benches, await start(shop, benches, { storage, server }), server)
    } catch (error) {
      await server?.close()
      shop.run.throwIfAborted()
      shop.run.trace(
        `clones will be read back in an appliance of their own: ${asVmcloneError(error).message}`,
      )
      return undefined
    }
  }

  get appliance(): SharedAppliance {
    return this.#appliance
  }

  /** What was found on the guest's disks when it was opened first, named as if it had the appliance alone. */
  get storage(): FoundStorage | undefined {
    return this.#appliance.storage
  }

  /** Mounts the guest of a bench. An appliance that is too small to unlock it is started anew. */
  async guest(bench: number): Promise<Guest> {
    try {
      return await this.#appliance.open(bench)
    } catch (error) {
      if (!(error instanceof MoreMemoryNeeded)) throw error
      await this.#appliance.close()
      this.#appliance = await start(this.#shop, this.benches, { server: this.#server, memory: error.memory })
      return this.#appliance.open(bench)
    }
  }

  /** True if it can look at finished clones. */
  get looks(): boolean {
    return this.#server !== undefined
  }

  /** Mounts the guest of a finished clone, read-only. Its disks are in use until lookAway(). */
  async look(disks: readonly ServedImage[]): Promise<Guest> {
    if (this.#server === undefined) throw new TypeError('this lane does not look at clones')
    await this.#appliance.leave()
    await this.#server.insert(disks)
    await this.#appliance.forget(this.benches.length)
    return this.#appliance.open(this.benches.length)
  }

  async lookAway(): Promise<void> {
    await this.#appliance.leave()
    await this.#server?.empty()
  }

  async close(): Promise<void> {
    await this.#appliance.close()
    await this.#server?.close()
  }

  /** Closes it and takes its directories away. */
  async discard(): Promise<void> {
    await this.close()
    for (const { directory } of this.benches) await this.#shop.places.discard(directory)
  }
}

function start(
  { run, keys }: Shop,
  benches: readonly Bench[],
  {
    storage,
    server,
    memory,
  }: {
    readonly storage?: FoundStorage | undefined
    readonly server?: DiskServer | undefined
    readonly memory?: number
  },
): Promise<SharedAppliance> {
  return SharedAppliance.start({
    ...applianceOptions(run),
    machines: [...benches.map(({ work }) => work.drives), ...(server ? [server.drives] : [])],
    keys,
    ...(storage === undefined ? {} : { storage }),
    ...(memory === undefined ? {} : { memory }),
  })
}

/** True for what ends an appliance with all that it is at, and says nothing of a single clone. */
export function endsAppliance(error: unknown): boolean {
  return error instanceof VmcloneError && /^(GUESTFISH_ENDED|GUEST_TIMEOUT|APPLIANCE_)/.test(error.code)
}
