import { asVmcloneError } from '../../errors/index.ts'
import type { FoundStorage } from '../../guest/storage/facts.ts'
import { refuseMismatch } from '../apply.ts'
import { finishDisks } from './disks.ts'
import { furnish } from './furnish.ts'
import { endsAppliance, Lane, type Shop } from './lane.ts'
import type { PlannedClone } from './plan-rows.ts'
import type { Publisher } from './publish.ts'
import type { Results } from './results.ts'

/** What editing clones needs besides the shop. */
export interface EditShop extends Shop {
  readonly results: Results
  readonly publisher: Publisher
  readonly storage?: FoundStorage
}

/**
 * The complete way: makes clones by editing each in an appliance that they share. What fails for one is that one's failure; if the
 * appliance itself ends, those that it had not finished get one more try. `opened`: an appliance that was started for them already.
 */
export async function editClones(
  shop: EditShop,
  group: readonly PlannedClone[],
  opened?: Promise<Lane>,
): Promise<void> {
  const left = await attempt(shop, group, opened, false)
  if (left.length > 0) await attempt(shop, left, undefined, true)
}

/** Gives the clones that are to be tried again. */
async function attempt(
  shop: EditShop,
  group: readonly PlannedClone[],
  opened: Promise<Lane> | undefined,
  last: boolean,
): Promise<PlannedClone[]> {
  const { run, places, results } = shop
  const names = group.map(({ row }) => row.name)
  for (const { row } of group) results.step(row, 'copying')
  let lane: Lane
  try {
    lane = await (opened ?? Lane.open(shop, names, shop.storage))
  } catch (error) {
    run.throwIfAborted()
    if (endsAppliance(error) && !last) return [...group]
    for (const { row } of group) results.failed(row, error)
    return []
  }
  const again: PlannedClone[] = []
  try {
    const edited: { planned: PlannedClone; bench: number }[] = []
    for (const [bench, planned] of group.entries()) {
      run.throwIfAborted()
      results.step(planned.row, 'editing')
      try {
        await editGuest(lane, bench, planned)
        edited.push({ planned, bench })
      } catch (error) {
        run.throwIfAborted()
        if (endsAppliance(error) && !last) {
          again.push(...group.slice(bench))
          break
        }
        results.failed(planned.row, error)
        await places.discard(lane.benches[bench]?.directory as string)
        if (!endsAppliance(error)) continue
        for (const { row } of group.slice(bench + 1)) results.failed(row, error)
        break
      }
    }
    await lane.close()
    for (const { planned, bench } of edited) await finish(shop, lane, bench, planned)
  } finally {
    await lane.close()
    for (const { directory } of lane.benches)
      if (!shop.publisher.holds(directory)) await places.discard(directory)
  }
  return again
}

async function editGuest(lane: Lane, bench: number, { changes }: PlannedClone): Promise<void> {
  const guest = await lane.guest(bench)
  await guest.write(changes)
  refuseMismatch(await guest.verify(changes))
  await guest.close()
}

async function finish(shop: EditShop, lane: Lane, bench: number, planned: PlannedClone): Promise<void> {
  const { template, places, results, publisher, run } = shop
  const { directory, work } = lane.benches[bench] as Lane['benches'][number]
  try {
    run.throwIfAborted()
    await finishDisks(template, work, directory, planned.row.name, run.options.signal)
    await furnish(template, planned, directory, places.final(planned.row.name))
    publisher.add({ planned, working: directory, how: 'edited' })
  } catch (error) {
    run.throwIfAborted()
    results.failed(planned.row, asVmcloneError(error))
  }
}
