import { asVmcloneError } from '../../errors/index.ts'
import type { FoundStorage } from '../../guest/storage/facts.ts'
import { refuseMismatch, runScripts } from '../apply.ts'
import { scriptsIn } from '../scripts.ts'
import { finishDisks } from './disks.ts'
import { furnish } from './furnish.ts'
import { endsAppliance, Lane, type Shop } from './lane.ts'
import type { PlannedClone } from './planned-clone.ts'
import type { Finished, Publisher } from './publish.ts'
import { readBack } from './read-back.ts'
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
        await editGuest(shop, lane, bench, planned)
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
    const finished: Finished[] = []
    for (const { planned, bench } of edited) finished.push(...(await finish(shop, lane, bench, planned)))
    await publishEdited(shop, finished)
  } finally {
    await lane.close()
    for (const { directory } of lane.benches)
      if (!shop.publisher.holds(directory)) await places.discard(directory)
  }
  return again
}

async function editGuest(
  { run, scripts }: EditShop,
  lane: Lane,
  bench: number,
  { changes }: PlannedClone,
): Promise<void> {
  const guest = await lane.guest(bench)
  await guest.write(changes)
  await runScripts(run, guest, scripts)
  refuseMismatch(await guest.verify(changes), { scripts })
  await guest.close()
}

/** Gives the clone, complete but for its name; none if it failed. */
async function finish(shop: EditShop, lane: Lane, bench: number, planned: PlannedClone): Promise<Finished[]> {
  const { template, places, results, publisher, run, scripts } = shop
  const { directory, work } = lane.benches[bench] as Lane['benches'][number]
  try {
    run.throwIfAborted()
    await finishDisks(template, work, directory, planned.row.name, run.options.signal)
    await furnish(shop, planned, directory, places.final(planned.row.name))
    const finished: Finished = { planned, working: directory, how: 'edited', ...scriptsIn(scripts) }
    publisher.add(finished)
    return [finished]
  } catch (error) {
    run.throwIfAborted()
    results.failed(planned.row, asVmcloneError(error))
    return []
  }
}

/** What was edited was read back then and there; with --verify it is opened once more before it gets its name. */
async function publishEdited(shop: EditShop, finished: readonly Finished[]): Promise<void> {
  const { run, publisher, results } = shop
  if (run.options.verify && finished.length > 0) {
    for (const { planned } of finished) results.step(planned.row, 'checking')
    for (const [clone, wrong] of await readBack(shop, finished, shop)) {
      if (wrong === undefined) {
        clone.readBack = true
        continue
      }
      await publisher.withdraw(clone)
      results.failed(clone.planned.row, wrong)
    }
  }
  await publisher.publish(finished.filter((clone) => publisher.waiting.includes(clone)))
}
