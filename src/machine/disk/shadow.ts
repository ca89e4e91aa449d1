import { createHash } from 'node:crypto'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DiskChain, type DiskLink, NO_PARENT } from './chain.ts'
import type { Extent } from './extents.ts'

/** A path by which qemu opens a chain. */
export interface Openable {
  /** Give it to qemu with format=vmdk. The content id that qemu writes goes into the descriptor at this path. */
  readonly path: string
  /** What was made for it, to be removed with all it holds when the disk is closed; empty if the leaf itself is opened. */
  readonly made: string[]
}

/**
 * The leaf itself where qemu opens it and all its parents as they were read; else shadow descriptors in a directory of
 * their own below scratchDirectory (absolute). They name the same extents, by symbolic links, and nothing else: what is read and
 * written through them is the disk's own data, but content ids are read and written in the shadow, so
 * mendDescriptor must be told the new one. The same chain always gets the same path; making it again is harmless.
 */
export async function openable(chain: DiskChain, scratchDirectory: string): Promise<Openable> {
  if (chain.directPath !== undefined) return { path: chain.directPath, made: [] }
  const id = createHash('sha256').update(chain.leaf.descriptorPath).digest('hex').slice(0, 12)
  const directory = join(scratchDirectory, `shadow-${id}`)
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { mode: 0o700 })
  for (const [depth, link] of [chain.leaf, ...chain.parents].entries()) {
    for (const [part, extent] of link.extents.entries())
      await symlink(extent.path, join(directory, extentName(depth, part)))
    await writeFile(join(directory, descriptorName(depth)), shadowDescriptor(link, depth), { mode: 0o600 })
  }
  return { path: join(directory, descriptorName(0)), made: [directory] }
}

function shadowDescriptor(link: DiskLink, depth: number): string {
  const layout = link.extents[0]?.layout === 'flat' ? 'Flat' : 'Sparse'
  return [
    '# Disk DescriptorFile',
    'version=1',
    `CID=${link.cid}`,
    `parentCID=${link.parentCid}`,
    `createType="twoGbMaxExtent${layout}"`,
    ...(link.parentCid === NO_PARENT ? [] : [`parentFileNameHint="${descriptorName(depth + 1)}"`]),
    '# Extent description',
    ...link.extents.map((extent, part) => extentLine(extent, extentName(depth, part))),
    '',
  ].join('\n')
}

function extentLine({ layout, sectors, offset }: Extent, name: string): string {
  return layout === 'flat' ? `RW ${sectors} FLAT "${name}" ${offset}` : `RW ${sectors} SPARSE "${name}"`
}

function descriptorName(depth: number): string {
  return `link${depth}.vmdk`
}

function extentName(depth: number, part: number): string {
  return `link${depth}-${part}`
}
