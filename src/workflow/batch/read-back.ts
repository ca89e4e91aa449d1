import { join } from 'node:path'
import { SharedAppliance } from '../../guest/shared.ts'
import type { FoundStorage } from '../../guest/storage/facts.ts'
import { MoreMemoryNeeded } from '../../guest/storage/luks.ts'
import type { Mismatch } from '../../guest/verify.ts'
import { cloneNames } from '../../machine/clone/names.ts'
import { readChain } from '../../machine/disk/chain.ts'
import { openable } from '../../machine/disk/shadow.ts'
import { applianceOptions } from '../open-guest.ts'
import type { Shop } from './lane.ts'
import type { Finished } from './publish.ts'

/**
 * Opens finished clones read-only in one appliance and compares their guests with what was planned; says which are not as they
 * should be. Throws what the appliance throws.
 */
export async function readBack(
  shop: Shop,
  clones: readonly Finished[],
  storage?: FoundStorage,
  memory?: number,
): Promise<Map<Finished, readonly Mismatch[]>> {
  const { run, template, places, keys } = shop
  const scratch = await places.working(`reading-${clones[0]?.planned.row.name ?? ''}`.slice(0, 60))
  let appliance: SharedAppliance | undefined
  try {
    const machines = []
    for (const { planned, working } of clones) {
      const { disks } = cloneNames(template, planned.row.name)
      const chains = await Promise.all(disks.map((name) => readChain(join(working, name), { use: 'read' })))
      const opened = await Promise.all(chains.map((chain) => openable(chain, scratch)))
      machines.push(opened.map(({ path }) => ({ path, format: 'vmdk', readonly: true })))
    }
    appliance = await SharedAppliance.start({
      ...applianceOptions(run),
      machines,
      keys,
      ...(storage === undefined ? {} : { storage }),
      ...(memory === undefined ? {} : { memory }),
    })
    const found = new Map<Finished, readonly Mismatch[]>()
    for (const [index, clone] of clones.entries()) {
      run.throwIfAborted()
      const guest = await appliance.open(index)
      found.set(clone, await guest.verify(clone.planned.changes))
      await guest.close()
    }
    return found
  } catch (error) {
    if (!(error instanceof MoreMemoryNeeded) || memory !== undefined) throw error
    await appliance?.close()
    return readBack(shop, clones, storage, error.memory)
  } finally {
    await appliance?.close()
    await places.discard(scratch)
  }
}
