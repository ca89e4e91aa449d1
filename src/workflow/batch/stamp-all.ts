import { filesystemOf } from '../../guest/storage/mount.ts'
import { findStampable, type Stampable } from '../../guest/storage/stampable.ts'
import type { Blanks } from './blanks.ts'
import type { Drafted } from './draft-all.ts'
import type { EditShop } from './edit-clones.ts'
import { eachOf } from './groups.ts'
import { endsAppliance, type Lane } from './lane.ts'
import type { Draft } from './plan-rows.ts'
import type { PlannedClone } from './planned-clone.ts'
import { Proof } from './proof.ts'
import { Stamper } from './stamp-clones.ts'

/** What is to be stamped. */
interface Stamping {
  /** An appliance over an untouched mold, on which the guest was looked at. */
  readonly first: Lane
  readonly drafted: Drafted
  /** Plans a draft once its keys are made. */
  readonly planned: (draft: Draft) => Promise<PlannedClone>
  readonly jobs: number
  /** For full clones. */
  readonly blanks?: Blanks | undefined
}

/** Makes all clones that can be made by stamping and publishes them; gives those that must be edited in an appliance. */
export async function stampAll(
  shop: EditShop,
  { first, drafted, planned, jobs, blanks }: Stamping,
): Promise<PlannedClone[]> {
  const { run, results, storage } = shop
  if (storage === undefined) throw new TypeError('the guest was not looked at')
  const blockSizeOf = blockSizes(await findStampable(first.appliance.session, storage.mounts))
  const ground = { ...drafted, storage, blockSizeOf, ...(blanks ? { blanks } : {}) }
  const stamper = new Stamper(shop, ground, first)
  const proof = new Proof(shop, first, jobs)
  const rest: PlannedClone[] = []
  try {
    await eachOf(drafted.drafts, 1, async (draft) => {
      run.throwIfAborted()
      const clone = await planned(draft)
      try {
        const mold = await stamper.moldFor(clone)
        if ('reason' in mold) {
          run.trace(`${clone.row.name} is edited, for ${mold.reason}`)
          rest.push(clone)
          await blanks?.discard(clone.row.name)
          return
        }
        results.step(clone.row, 'stamping')
        proof.add(await stamper.stamp(mold, clone))
        results.step(clone.row, 'waiting')
      } catch (error) {
        run.throwIfAborted()
        await blanks?.discard(clone.row.name)
        if (endsAppliance(error)) rest.push(clone)
        else results.failed(clone.row, error)
        return
      }
      await proof.early(drafted.drafts.length)
    })
    rest.push(...(await proof.end()))
    return rest
  } finally {
    await stamper.close()
    await blanks?.close()
  }
}

function blockSizes(mounts: readonly Stampable[]): (path: string) => number | undefined {
  return (path) => {
    const on = filesystemOf(path, mounts)
    return on && 'blockSize' in on ? on.blockSize : undefined
  }
}
