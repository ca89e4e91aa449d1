import { realpath } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { VmcloneError } from '../../errors/index.ts'
import { DescriptorDocument } from '../../formats/descriptor.ts'
import { imagePath, type QemuOptions, runQemu } from '../../transaction/qemu.ts'
import { type DiskChain, readChain } from '../disk/chain.ts'
import { mendDescriptor, originalDescriptor } from '../disk/mend.ts'
import { drawDiskIds, type RandomBytes } from './content-id.ts'
import { newDescriptor } from './descriptor.ts'

/**
 * Makes an empty child of a disk: the first file of a linked clone. It is laid out as its parent (split or in one
 * file, of its capacity, adapter type and hardware version) and names it by a relative path from its own directory, so
 * that the path stays right for any directory beside that one, and if both are moved together. qemu never
 * opens the parent, which may be flat, compressed or named as qemu cannot read. Returns the child with its parents as
 * they were read back. `path` is absolute; files of that name are overwritten. Throws NAME_UNUSABLE; DISK_PARENT_MISMATCH if
 * the parent was changed since `chain` was read; what runQemu and readChain throw.
 */
export async function createChild(
  chain: DiskChain,
  path: string,
  options: QemuOptions & { readonly random?: RandomBytes } = {},
): Promise<DiskChain> {
  const links = [chain.leaf, ...chain.parents]
  const home = await realpath(dirname(path))
  const hint = parentHint(home, chain.leaf.descriptorPath)
  const like = await Promise.all(
    links.map(async (link) => DescriptorDocument.parse(await originalDescriptor(link.descriptorPath))),
  )
  const split = /MaxExtent/i.test(chain.leaf.createType)
  const createType = split ? 'twoGbMaxExtentSparse' : 'monolithicSparse'
  await runQemu(
    'qemu-img',
    ['create', '-q', '-f', 'vmdk', '-o', `subformat=${createType}`, imagePath(path), String(chain.capacity)],
    options,
  )
  const made = DescriptorDocument.parse(await originalDescriptor(path))
  const ids = drawDiskIds(options.random)
  const parent = { contentId: chain.leaf.cid, hint }
  const descriptor = newDescriptor({ ids, createType, parent, extents: made.extents, like })
  await mendDescriptor(path, descriptor, ids.contentId)
  return readChain(path, { fileSearchPath: links.map((link) => dirname(link.descriptorPath)) })
}

/** Way to the parent; with "./" or "../" before it no part of it can be taken for a protocol. Throws NAME_UNUSABLE. */
function parentHint(directory: string, parent: string): string {
  const way = relative(directory, parent)
  if (/["\\\0\r\n]/.test(way))
    throw new VmcloneError('NAME_UNUSABLE', `a linked clone’s disk cannot name its parent ${parent}`, {
      hint: 'Rename the template or its directory: no double quotes, backslashes or line ends. Full clones can be made as it is.',
    })
  return way.startsWith('../') ? way : `./${way}`
}
