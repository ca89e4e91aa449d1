import { join } from 'node:path'
import type { ServedImage } from '../../guest/disk-server.ts'
import type { Guest } from '../../guest/guest.ts'
import { SharedAppliance } from '../../guest/shared.ts'
import type { FoundStorage } from '../../guest/storage/facts.ts'
import { MoreMemoryNeeded } from '../../guest/storage/luks.ts'
import type { Mismatch } from '../../guest/verify.ts'
import { cloneNames } from '../../machine/clone/names.ts'
import { readChain } from '../../machine/disk/chain.ts'
import { openable } from '../../machine/disk/shadow.ts'
import { applianceOptions } from '../open-guest.ts'
import { endsAppliance, type Lane, type Shop } from './lane.ts'
import type { Finished } from './publish.ts'

/** What is not as planned, for each clone that was read. */
export type Found = Map<Finished, readonly Mismatch[]>

/**
 * Opens finished clones read-only and compares their guests with what was planned; says which are not as they should be. `lane`: one
 * that looks at clones and has an appliance running. An appliance that dies gets one more try, by another. Throws what the appliance
 * throws.
 */
export async function readBack(
  shop: Shop,
  clones: readonly Finished[],
  { storage, lane }: { readonly storage?: FoundStorage; readonly lane?: Lane } = {},
): Promise<Found> {
  const scratch = await shop.places.working(`reading-${clones[0]?.planned.row.name ?? ''}`.slice(0, 60))
  const work: Reading = { shop, clones, scratch, ...(storage === undefined ? {} : { storage }) }
  try {
    return await (lane?.looks ? throughLane(work, lane) : inAppliance(work)).catch((error: unknown) => {
      shop.run.throwIfAborted()
      if (!endsAppliance(error)) throw error
      return inAppliance(work)
    })
  } finally {
    await shop.places.discard(scratch)
  }
}

interface Reading {
  readonly shop: Shop
  readonly clones: readonly Finished[]
  /** A directory for what qemu needs to open their disks. */
  readonly scratch: string
  readonly storage?: FoundStorage
}

/** One after the other behind the same drives. */
async function throughLane({ shop, clones, scratch }: Reading, lane: Lane): Promise<Found> {
  const found: Found = new Map()
  for (const clone of clones) {
    shop.run.throwIfAborted()
    found.set(clone, await compare(await lane.look(await imagesOf(shop, clone, scratch)), clone))
  }
  await lane.lookAway()
  return found
}

/** In an appliance of their own, which has the disks of them all. */
async function inAppliance(work: Reading, memory?: number): Promise<Found> {
  const { shop, clones, scratch, storage } = work
  let appliance: SharedAppliance | undefined
  try {
    const images = await Promise.all(clones.map((clone) => imagesOf(shop, clone, scratch)))
    appliance = await SharedAppliance.start({
      ...applianceOptions(shop.run),
      machines: images.map((disks) => disks.map((disk) => ({ ...disk, readonly: true }))),
      keys: shop.keys,
      ...(storage === undefined ? {} : { storage }),
      ...(memory === undefined ? {} : { memory }),
    })
    const found: Found = new Map()
    for (const [index, clone] of clones.entries()) {
      shop.run.throwIfAborted()
      found.set(clone, await compare(await appliance.open(index), clone))
    }
    return found
  } catch (error) {
    if (!(error instanceof MoreMemoryNeeded) || memory !== undefined) throw error
    await appliance?.close()
    return inAppliance(work, error.memory)
  } finally {
    await appliance?.close()
  }
}

async function imagesOf(
  { template }: Shop,
  { planned, working }: Finished,
  scratch: string,
): Promise<ServedImage[]> {
  const { disks } = cloneNames(template, planned.row.name)
  const chains = await Promise.all(disks.map((name) => readChain(join(working, name), { use: 'read' })))
  const opened = await Promise.all(chains.map((chain) => openable(chain, scratch)))
  return opened.map(({ path }) => ({ path, format: 'vmdk' }))
}

async function compare(guest: Guest, { planned }: Finished): Promise<readonly Mismatch[]> {
  const mismatches = await guest.verify(planned.changes)
  await guest.close()
  return mismatches
}
