import { type FileHandle, open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { VmcloneError } from '../../errors/index.ts'
import type { ByteText } from '../../formats/bytes.ts'
import { DescriptorDocument } from '../../formats/descriptor.ts'
import { UTF8 } from '../../formats/encoding.ts'
import type { DiskLink } from '../disk/chain.ts'
import { originalDescriptor } from '../disk/mend.ts'
import { readDiskFile } from '../disk/sparse.ts'
import { type DiskIds, drawDiskIds, type RandomBytes } from './content-id.ts'
import { asCopyFailure, copySparse, reflinkFile } from './copy-file.ts'
import { type FileImage, loadImage, writeImage } from './image.ts'

export interface CopyOptions {
  /** reflink: share the blocks where the file system can; else, and where it cannot, copy them. */
  readonly how: 'copy' | 'reflink'
  readonly signal?: AbortSignal
  readonly random?: RandomBytes
}

/** A disk that was copied. */
export interface DiskCopy {
  /** Absolute. */
  readonly descriptorPath: string
  readonly contentId: string
  /** Each file of the mold's disk to its copy, absolute paths: the same bytes at the same places but for the descriptor's. */
  readonly files: ReadonlyMap<string, string>
  /** True if its data are shared with the mold's. */
  readonly reflinked: boolean
}

/** A finished disk that copies are made of; it must not change while there are any to be made. */
export interface DiskMold {
  /** Bytes of memory that it holds. */
  readonly held: number
  /**
   * Makes a copy whose descriptor is `descriptorPath` (absolute, ending in .vmdk), its extents named after that, with a content id
   * of its own; none of its files may be there. Nothing is flushed to the disk. Throws NO_SPACE, COPY_FAILED, INTERRUPTED.
   */
  copy(descriptorPath: string, options: CopyOptions): Promise<DiskCopy>
}

/** Bytes of a disk, holes included, that is kept in memory; a fresh linked clone has a few millions. */
const MEMORY_LIMIT = 32 * 1024 * 1024

/** Makes copies of a disk possible. A small one is read once into memory, so that a copy is a few writes. Throws DISK_*. */
export async function openMold(link: DiskLink, memoryLimit = MEMORY_LIMIT): Promise<DiskMold> {
  const file = await readDiskFile(link.descriptorPath)
  const document = DescriptorDocument.parse(await originalDescriptor(link.descriptorPath))
  const place = file.kind === 'sparse' ? file.header.descriptor : undefined
  const images = await loadImages(
    link.extents.map(({ path }) => path),
    memoryLimit,
  )
  let canShare = true
  const parts = [...(images?.values() ?? [])].flatMap((image) => image.parts)
  return {
    held: parts.reduce((sum, part) => sum + part.bytes.length, 0),
    async copy(descriptorPath, options) {
      const files = copyNames(link, descriptorPath)
      const ids = drawDiskIds(options.random)
      const names = link.embedded ? [descriptorPath] : link.extents.map(({ path }) => files.get(path) ?? '')
      const bytes = withIds(document, ids).renamed(names.map(nameText)).padded(place?.length).bytes()
      if (place && bytes.length > place.length)
        throw new VmcloneError('NAME_UNUSABLE', `the descriptor of ${descriptorPath} does not fit into it`)
      const wanted = options.how === 'reflink' && canShare
      const reflinked = await copyData(dataOf(link, files), images, wanted, options.signal)
      // Copies of one mold lie on one file system: what it cannot do once is not tried again.
      if (wanted) canShare = reflinked
      await withFile(descriptorPath, place ? 'r+' : 'wx', (handle) =>
        handle.write(bytes, 0, bytes.length, place?.offset ?? 0),
      )
      return { descriptorPath, contentId: ids.contentId, files, reflinked }
    },
  }
}

/** Files that hold data, without a descriptor of its own. */
function dataOf(link: DiskLink, files: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(link.extents.map(({ path }) => [path, files.get(path) ?? '']))
}

/** Images of all files, or undefined if they are too large together. */
async function loadImages(
  paths: readonly string[],
  limit: number,
): Promise<Map<string, FileImage> | undefined> {
  const images = new Map<string, FileImage>()
  let left = limit
  for (const path of paths) {
    const image = await loadImage(path, left)
    if (image === undefined) return undefined
    images.set(path, image)
    left -= image.size
  }
  return images
}

/** "mold-s001.vmdk" of mold.vmdk becomes "node1-s001.vmdk" of node1.vmdk. */
function copyNames(link: DiskLink, descriptorPath: string): Map<string, string> {
  const stem = (path: string) => basename(path).replace(/\.vmdk$/i, '')
  const files = new Map([[link.descriptorPath, descriptorPath]])
  for (const [i, { path }] of link.extents.entries()) {
    if (path === link.descriptorPath) continue
    const own = stem(path)
    const suffix = own.startsWith(stem(link.descriptorPath))
      ? own.slice(stem(link.descriptorPath).length)
      : `-x${i + 1}`
    files.set(path, join(dirname(descriptorPath), `${stem(descriptorPath)}${suffix}.vmdk`))
  }
  return files
}

function nameText(path: string): ByteText {
  return UTF8.encode(basename(path)) ?? ''
}

function withIds(document: DescriptorDocument, ids: DiskIds): DescriptorDocument {
  return document
    .set('CID', ids.contentId)
    .set('ddb.longContentID', ids.longContentId)
    .set('ddb.uuid', ids.uuid)
}

async function copyData(
  data: ReadonlyMap<string, string>,
  images: ReadonlyMap<string, FileImage> | undefined,
  share: boolean,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  let reflinked = share
  for (const [from, to] of data) {
    if (signal?.aborted) throw new VmcloneError('INTERRUPTED', 'the run was interrupted')
    reflinked &&= await reflinkFile(from, to)
    if (reflinked) continue
    const image = images?.get(from)
    if (image) await withFile(to, 'wx', (handle) => writeImage(handle, image))
    else await copySparse(from, to, signal)
  }
  return reflinked
}

async function withFile(
  path: string,
  flags: 'wx' | 'r+',
  work: (handle: FileHandle) => Promise<unknown>,
): Promise<void> {
  try {
    const handle = await open(path, flags, 0o600)
    await work(handle).finally(() => handle.close())
  } catch (error) {
    throw asCopyFailure(error)
  }
}
