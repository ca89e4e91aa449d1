import { join } from 'node:path'
import { type DiskMold, openMold } from '../../machine/clone/copy.ts'
import { cloneNames } from '../../machine/clone/names.ts'
import { translate } from '../../machine/stamp/place.ts'
import { finishDisks } from './disks.ts'
import type { Shop } from './lane.ts'
import type { ClonedDisks, Edited, MoldForm } from './mold.ts'

/** Gives edited disks their final form, of which clones are copies. */
export async function moldOfDisks(shop: Shop, { work, directory, places }: Edited): Promise<MoldForm> {
  const { template, run } = shop
  const chains = await finishDisks(template, work, directory, 'mold', run.options.signal)
  const located = await translate(
    places,
    chains.map(({ leaf }) => ({ path: leaf.descriptorPath, format: 'vmdk' })),
  )
  const molds = await Promise.all(chains.map(({ leaf }) => openMold(leaf)))
  return { ...located, disksOf: (name) => copyDisks(shop, molds, name) }
}

async function copyDisks(
  { template, run, places }: Shop,
  molds: readonly DiskMold[],
  name: string,
): Promise<ClonedDisks> {
  const directory = await places.working(name)
  const files = new Map<string, string>()
  const { signal } = run.options
  const how = template.kind === 'reflink' ? 'reflink' : 'copy'
  try {
    for (const [index, disk] of cloneNames(template, name).disks.entries()) {
      const mold = molds[index] as DiskMold
      const copy = await mold.copy(join(directory, disk), {
        how,
        ...(signal === undefined ? {} : { signal }),
      })
      for (const [from, to] of copy.files) files.set(from, to)
      if (how === 'reflink' && !copy.reflinked)
        run.note({
          code: 'reflink-unavailable',
          message:
            'The file system of the clones cannot share blocks between files, so full copies were made.',
          hint: 'Btrfs, XFS and ZFS can; --clone linked takes little space anywhere.',
        })
    }
  } catch (error) {
    await places.discard(directory)
    throw error
  }
  return { directory, fileOf: (file) => files.get(file) ?? file }
}
