import { join } from 'node:path'
import { VmcloneError } from '../../errors/index.ts'
import type { Machine, SharedAppliance } from '../../guest/shared.ts'
import type { FoundStorage } from '../../guest/storage/facts.ts'
import { MoreMemoryNeeded } from '../../guest/storage/luks.ts'
import { cloneNames } from '../../machine/clone/names.ts'
import { readChain } from '../../machine/disk/chain.ts'
import { openable } from '../../machine/disk/shadow.ts'
import { mismatchError } from '../apply.ts'
import { endsAppliance, type Shop, startShared } from './lane.ts'
import type { Finished } from './publish.ts'

/** Of each clone that was read what is wrong with it; undefined if it is as planned. */
export type Found = ReadonlyMap<Finished, VmcloneError | undefined>

/**
 * Opens finished clones read-only and compares their guests with what was planned; one that cannot be opened is not as planned either.
 * `running`: an appliance for clones of the template that can be used for it. One that dies gets one more try, by another. Throws what
 * starting an appliance throws, and what ends one.
 */
export async function readBack(
  shop: Shop,
  clones: readonly Finished[],
  { storage, running }: { readonly storage?: FoundStorage; readonly running?: SharedAppliance } = {},
): Promise<Found> {
  const scratch = await shop.places.working(`reading-${clones[0]?.planned.row.name ?? ''}`.slice(0, 60))
  const own = async (memory?: number): Promise<Found> => {
    const machines = await machinesOf(shop, clones, scratch)
    const [first, ...others] = [...machines.values()].filter(isMachine)
    if (first === undefined) return readThrough(undefined, shop, machines)
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

/** `appliance`: undefined if no clone has disks that can be opened. */
async function readThrough(
  appliance: SharedAppliance | undefined,
  shop: Shop,
  machines: ReadonlyMap<Finished, Machine | VmcloneError>,
): Promise<Found> {
  const found = new Map<Finished, VmcloneError | undefined>()
  for (const [clone, machine] of machines) {
    shop.run.throwIfAborted()
    const wrong = isMachine(machine) ? appliance && (await wrongIn(appliance, shop, clone, machine)) : machine
    found.set(clone, wrong)
  }
  await appliance?.release()
  return found
}

async function wrongIn(
  appliance: SharedAppliance,
  shop: Shop,
  { planned }: Finished,
  machine: Machine,
): Promise<VmcloneError | undefined> {
  try {
    const guest = await appliance.open(machine)
    const mismatches = await guest.verify(planned.changes)
    await guest.close()
    return mismatches.length === 0 ? undefined : mismatchError(mismatches)
  } catch (error) {
    return ofOneClone(shop, error)
  }
}

/** The clones' disks, read-only, or why they cannot be opened. `scratch`: a directory for what qemu needs to open them. */
async function machinesOf(
  shop: Shop,
  clones: readonly Finished[],
  scratch: string,
): Promise<Map<Finished, Machine | VmcloneError>> {
  const machines = new Map<Finished, Machine | VmcloneError>()
  for (const clone of clones)
    machines.set(
      clone,
      await machineOf(shop, clone, scratch).catch((error: unknown) => ofOneClone(shop, error)),
    )
  return machines
}

async function machineOf({ template }: Shop, clone: Finished, scratch: string): Promise<Machine> {
  const { disks } = cloneNames(template, clone.planned.row.name)
  const chains = await Promise.all(disks.map((name) => readChain(join(clone.working, name), { use: 'read' })))
  const opened = await Promise.all(chains.map((chain) => openable(chain, scratch)))
  return opened.map(({ path }) => ({ path, format: 'vmdk', readonly: true }))
}

function isMachine(machine: Machine | VmcloneError): machine is Machine {
  return !(machine instanceof VmcloneError)
}

/** An error that speaks of one clone alone; any other is thrown again. */
function ofOneClone({ run }: Shop, error: unknown): VmcloneError {
  run.throwIfAborted()
  if (error instanceof VmcloneError && !endsAppliance(error)) return error
  throw error
}
