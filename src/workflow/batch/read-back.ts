import { join } from 'node:path'
import type { Machine, SharedAppliance } from '../../guest/shared.ts'
import type { FoundStorage } from '../../guest/storage/facts.ts'
import { MoreMemoryNeeded } from '../../guest/storage/luks.ts'
import type { Mismatch } from '../../guest/verify.ts'
import { cloneNames } from '../../machine/clone/names.ts'
import { readChain } from '../../machine/disk/chain.ts'
import { openable } from '../../machine/disk/shadow.ts'
import { endsAppliance, type Shop, startShared } from './lane.ts'
import type { Finished } from './publish.ts'

/** What is not as planned, for each clone that was read. */
export type Found = Map<Finished, readonly Mismatch[]>

/**
 * Opens finished clones read-only and compares their guests with what was planned; says which are not as they should be. `running`: an
 * appliance for clones of the template that can be used for it. One that dies gets one more try, by another. Throws what the
 * appliance throws.
 */
export async function readBack(
  shop: Shop,
  clones: readonly Finished[],
  { storage, running }: { readonly storage?: FoundStorage; readonly running?: SharedAppliance } = {},
): Promise<Found> {
  const scratch = await shop.places.working(`reading-${clones[0]?.planned.row.name ?? ''}`.slice(0, 60))
  const own = async (memory?: number): Promise<Found> => {
    const machines = await machinesOf(shop, clones, scratch)
    const [first = [], ...others] = machines.values()
    const appliance = await startShared(shop, {
      first,
      others: Promise.resolve(others),
      ...(storage === undefined ? {} : { storage }),
      ...(memory === undefined ? {} : { memory }),
    })
    try {
      return await readThrough(appliance, shop, machines)
    } catch (error) {
      if (!(error instanceof MoreMemoryNeeded) || memory !== undefined) throw error
      await appliance.close()
      return own(error.memory)
    } finally {
      await appliance.close()
    }
  }
  try {
    const first = running?.serves
      ? readThrough(running, shop, await machinesOf(shop, clones, scratch))
      : own()
    return await first.catch((error: unknown) => {
      shop.run.throwIfAborted()
      if (!endsAppliance(error)) throw error
      return own()
    })
  } finally {
    await shop.places.discard(scratch)
  }
}

async function readThrough(
  appliance: SharedAppliance,
  { run }: Shop,
  machines: ReadonlyMap<Finished, Machine>,
): Promise<Found> {
  const found: Found = new Map()
  for (const [clone, machine] of machines) {
    run.throwIfAborted()
    const guest = await appliance.open(machine)
    found.set(clone, await guest.verify(clone.planned.changes))
    await guest.close()
  }
  await appliance.release()
  return found
}

/** The clones' disks, read-only. `scratch`: a directory for what qemu needs to open them. */
async function machinesOf(
  { template }: Shop,
  clones: readonly Finished[],
  scratch: string,
): Promise<Map<Finished, Machine>> {
  const machines = new Map<Finished, Machine>()
  for (const clone of clones) {
    const { disks } = cloneNames(template, clone.planned.row.name)
    const chains = await Promise.all(
      disks.map((name) => readChain(join(clone.working, name), { use: 'read' })),
    )
    const opened = await Promise.all(chains.map((chain) => openable(chain, scratch)))
    machines.set(
      clone,
      opened.map(({ path }) => ({ path, format: 'vmdk', readonly: true })),
    )
  }
  return machines
}
