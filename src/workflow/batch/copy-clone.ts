import { join } from 'node:path'
import { cloneNames } from '../../machine/clone/names.ts'
import type { FinishedDisks } from './disks.ts'
import type { Shop } from './lane.ts'

/** Copies the disks of a mold into a clone's directory under its own names. Answers with the clone's file for one of the mold's. */
export async function copyClone(
  { template, run }: Shop,
  disks: FinishedDisks,
  directory: string,
  name: string,
): Promise<(file: string) => string> {
  const files = new Map<string, string>()
  const { signal } = run.options
  const how = template.kind === 'reflink' ? 'reflink' : 'copy'
  for (const [index, disk] of cloneNames(template, name).disks.entries()) {
    const mold = await disks.mold(index)
    const copy = await mold.copy(join(directory, disk), { how, ...(signal === undefined ? {} : { signal }) })
    for (const [from, to] of copy.files) files.set(from, to)
    if (how === 'reflink' && !copy.reflinked)
      run.note({
        code: 'reflink-unavailable',
        message: 'The file system of the clones cannot share blocks between files, so full copies were made.',
        hint: 'Btrfs, XFS and ZFS can; --clone linked takes little space anywhere.',
      })
  }
  return (file) => files.get(file) ?? file
}
