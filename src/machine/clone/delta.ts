import { open } from 'node:fs/promises'
import { allocatedRanges, commitImage, type Range } from '../../transaction/images.ts'
import { type DiskLink, readChain } from '../disk/chain.ts'
import { mendDescriptor, originalDescriptor } from '../disk/mend.ts'
import { openable } from '../disk/shadow.ts'
import { readDiskFile } from '../disk/sparse.ts'
import { ownSpans } from '../stamp/spans.ts'
import type { DiskCopy } from './copy.ts'
import { asCopyFailure } from './copy-file.ts'
import { type FileImage, loadDifference, type Stretch, writeImage } from './image.ts'

/** What was written to a copy of a disk: for each file of that disk what its copy holds otherwise, ids and names left out. */
export type Delta = ReadonlyMap<string, FileImage>

/**
 * Writes what an overlay holds into a copy of a disk that has the same content as what the overlay stands on. The copy keeps its ids.
 * `scratch`: a directory for what qemu needs to open it. Gives what makes any other copy of the disk the same. Throws what qemu-img and
 * the disks' readers throw; the copy is spoiled then.
 */
export async function mergeOverlay(overlay: string, copy: DiskCopy, scratch: string): Promise<Delta> {
  const { descriptorPath, contentId } = copy
  const ranges = await allocatedRanges(overlay)
  const descriptor = await originalDescriptor(descriptorPath)
  const chain = await readChain(descriptorPath)
  const { path } = await openable(chain, scratch)
  await commitImage(overlay, path)
  await mendDescriptor(descriptorPath, descriptor, contentId)
  const stretches = await writtenStretches(chain.leaf, ranges)
  const delta = new Map<string, FileImage>()
  for (const [file, own] of copy.files)
    delta.set(file, await loadDifference(own, file, stretches.get(own) ?? []))
  return delta
}

/** Makes a copy of a disk hold what the one held that the delta was taken of. Nothing is flushed. Throws NO_SPACE, COPY_FAILED. */
export async function writeDelta(delta: Delta, { files }: DiskCopy): Promise<void> {
  for (const [file, image] of delta) {
    if (image.parts.length === 0) continue
    try {
      const handle = await open(files.get(file) ?? '', 'r+')
      await writeImage(handle, image).finally(() => handle.close())
    } catch (error) {
      throw asCopyFailure(error)
    }
  }
}

/** Where in its files a disk may have been written if these ranges of it were: their grains, and the tables of all grains. */
async function writtenStretches(
  { descriptorPath, extents }: DiskLink,
  ranges: readonly Range[],
): Promise<Map<string, Stretch[]>> {
  const stretches = new Map<string, Stretch[]>()
  for (const { path, layout } of extents) stretches.set(path, layout === 'sparse' ? await tablesOf(path) : [])
  let next = 0
  for await (const span of ownSpans({ path: descriptorPath, format: 'vmdk' })) {
    const end = span.start + span.length
    for (let range = ranges[next]; range && range.start < end; range = ranges[next]) {
      const from = Math.max(range.start, span.start)
      const to = Math.min(range.start + range.length, end)
      if (from < to)
        stretches.get(span.file)?.push({ position: span.offset + from - span.start, length: to - from })
      if (range.start + range.length > end) break
      next += 1
    }
  }
  return stretches
}

/** All of a sparse file but its grains and its descriptor; qemu makes all tables when it makes the file. */
async function tablesOf(path: string): Promise<Stretch[]> {
  const file = await readDiskFile(path)
  if (file.kind !== 'sparse') return []
  const { overhead, descriptor = { offset: overhead, length: 0 } } = file.header
  const end = descriptor.offset + descriptor.length
  return [
    { position: 0, length: descriptor.offset },
    { position: end, length: overhead - end },
  ]
}
