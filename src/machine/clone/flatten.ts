import { DescriptorDocument } from '../../formats/descriptor.ts'
import { imagePath, type QemuOptions, runQemu } from '../../transaction/qemu.ts'
import { type DiskChain, readChain } from '../disk/chain.ts'
import { mendDescriptor, originalDescriptor } from '../disk/mend.ts'
import { drawDiskIds, type RandomBytes } from './content-id.ts'
import { newDescriptor } from './descriptor.ts'

/** An image that qemu opens: an edited overlay over the template's disk, or that disk itself (see openable). */
export interface Image {
  readonly path: string
  readonly format: 'qcow2' | 'vmdk'
}

/** What of qemu's own types holds the data as this type does, and the name that the type keeps. */
interface FlatType {
  readonly subformat: string
  readonly createType: string
  readonly extentType?: 'VMFS'
}

/**
 * Writes what an image holds, with all that it stands on, into one disk without parents: the first file of a full clone.
 * It is of the type of the disk that `like` stands on in the end (a template's own type, not that of its snapshots), with its
 * adapter type and hardware version, and holes where there is nothing. `target` is absolute; files of that name are
 * overwritten. Returns the disk as it was read back. Throws what runQemu and readChain throw.
 */
export async function flatten(
  image: Image,
  target: string,
  like: DiskChain,
  options: QemuOptions & { readonly random?: RandomBytes } = {},
): Promise<DiskChain> {
  const links = [like.leaf, ...like.parents]
  const type = flatType(links.at(-1)?.createType ?? '')
  const documents = await Promise.all(
    links.map(async (link) => DescriptorDocument.parse(await originalDescriptor(link.descriptorPath))),
  )
  const args = ['convert', '-q', '-f', image.format, '-O', 'vmdk', '-o', `subformat=${type.subformat}`]
  await runQemu('qemu-img', [...args, '-m', '16', '-W', imagePath(image.path), imagePath(target)], options)
  const made = DescriptorDocument.parse(await originalDescriptor(target))
  const ids = drawDiskIds(options.random)
  const extents = made.extents.map((extent) => ({ ...extent, type: type.extentType ?? extent.type }))
  const descriptor = newDescriptor({ ids, createType: type.createType, extents, like: documents })
  await mendDescriptor(target, descriptor, ids.contentId)
  return readChain(target)
}

function flatType(createType: string): FlatType {
  if (/^vmfs/i.test(createType))
    return { subformat: 'monolithicFlat', createType: 'vmfs', extentType: 'VMFS' }
  if (/MaxExtentFlat$/i.test(createType)) return of('twoGbMaxExtentFlat')
  if (/MaxExtentSparse$/i.test(createType)) return of('twoGbMaxExtentSparse')
  return of(/^monolithicFlat$/i.test(createType) ? 'monolithicFlat' : 'monolithicSparse')
}

function of(subformat: string): FlatType {
  return { subformat, createType: subformat }
}
