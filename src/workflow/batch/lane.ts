import { VmcloneError } from '../../errors/index.ts'
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

/** Directories with disks, and an appliance that has them all. */
export class Lane {
  readonly benches: readonly Bench[]
  readonly #shop: Shop
  #appliance: SharedAppliance

  private constructor(shop: Shop, benches: readonly Bench[], appliance: SharedAppliance) {
    this.#shop = shop
    this.benches = benches
    this.#appliance = appliance
  }

  /**
   * Makes a directory and disks for each name and starts an appliance over them. `storage`: what was found on the template's disks.
   * Throws what files and appliance throw; nothing is left then.
   */
  static async open(shop: Shop, names: readonly string[], storage?: FoundStorage): Promise<Lane> {
    const benches: Bench[] = []
    try {
      for (const name of names) {
        const directory = await shop.places.working(name)
        benches.push({ directory, work: await makeWorkDisks(shop.template, directory, name) })
      }
      return new Lane(shop, benches, await start(shop, benches, storage))
    } catch (error) {
      for (const { directory } of benches) await shop.places.discard(directory)
      throw error
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
      this.#appliance = await start(this.#shop, this.benches, undefined, error.memory)
      return this.#appliance.open(bench)
    }
  }

  close(): Promise<void> {
    return this.#appliance.close()
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
  storage?: FoundStorage,
  memory?: number,
): Promise<SharedAppliance> {
  return SharedAppliance.start({
    ...applianceOptions(run),
    machines: benches.map(({ work }) => work.drives),
    keys,
    ...(storage === undefined ? {} : { storage }),
    ...(memory === undefined ? {} : { memory }),
  })
}

/** True for what ends an appliance with all that it is at, and says nothing of a single clone. */
export function endsAppliance(error: unknown): boolean {
  return error instanceof VmcloneError && /^(GUESTFISH_ENDED|GUEST_TIMEOUT|APPLIANCE_)/.test(error.code)
}
