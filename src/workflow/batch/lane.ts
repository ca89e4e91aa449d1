import { VmcloneError } from '../../errors/index.ts'
import type { ApplianceGuest } from '../../guest/appliance-guest.ts'
import type { Script } from '../../guest/script/script.ts'
import { SharedAppliance, type SharedOptions } from '../../guest/shared.ts'
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
  /** That run over each clone's guest. */
  readonly scripts: readonly Script[]
}

/** One clone, or mold, in the making: a directory of its own with disks that an appliance writes to. */
export interface Bench {
  readonly directory: string
  readonly work: WorkDisks
}

/** Directories with disks, and an appliance that edits them. */
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
  static async open(shop: Shop, all: readonly string[], storage?: FoundStorage): Promise<Lane> {
    const make = async (name: string): Promise<Bench> => {
      const directory = await shop.places.working(name)
      try {
        return { directory, work: await makeWorkDisks(shop.template, directory, name) }
      } catch (error) {
        await shop.places.discard(directory)
        throw error
      }
    }
    const [name = '', ...names] = all
    const first = await make(name)
    const others: Bench[] = []
    const rest = (async () => {
      for (const one of names) others.push(await make(one))
      return others
    })()
    try {
      const appliance = await start(shop, first, rest, storage === undefined ? {} : { storage })
      await rest.catch(async (error: unknown) => {
        await appliance.close()
        throw error
      })
      return new Lane(shop, [first, ...others], appliance)
    } catch (error) {
      await rest.catch(() => undefined)
      for (const { directory } of [first, ...others]) await shop.places.discard(directory)
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
  async guest(bench: number): Promise<ApplianceGuest> {
    const machine = this.benches[bench]?.work.drives ?? []
    try {
      return await this.#appliance.open(machine)
    } catch (error) {
      if (!(error instanceof MoreMemoryNeeded)) throw error
      await this.#appliance.close()
      const [first, ...others] = this.benches
      const { memory } = error
      this.#appliance = await start(this.#shop, first as Bench, Promise.resolve(others), { memory })
      return this.#appliance.open(machine)
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
  shop: Shop,
  first: Bench,
  others: Promise<readonly Bench[]>,
  more: Pick<SharedOptions, 'storage' | 'memory'>,
): Promise<SharedAppliance> {
  const machines = others.then((benches) => benches.map(({ work }) => work.drives))
  machines.catch(() => undefined)
  return startShared(shop, { first: first.work.drives, others: machines, ...more })
}

/** Starts an appliance for clones of the shop's template. */
export function startShared(
  { run, keys, template }: Shop,
  given: Pick<SharedOptions, 'first' | 'others' | 'storage' | 'memory'>,
): Promise<SharedAppliance> {
  const sizes = template.disks.map(({ chain }) => chain.capacity)
  return SharedAppliance.start({ ...applianceOptions(run), keys, sizes, ...given })
}

/** True for what ends an appliance with all that it is at, and says nothing of a single clone. */
export function endsAppliance(error: unknown): boolean {
  return error instanceof VmcloneError && /^(GUESTFISH_ENDED|GUEST_TIMEOUT|APPLIANCE_)/.test(error.code)
}
