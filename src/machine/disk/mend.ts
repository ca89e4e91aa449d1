import { constants } from 'node:fs'
import { VmcloneError } from '../../errors/index.ts'
import { sameBytes } from '../../formats/bytes.ts'
import { DescriptorDocument } from '../../formats/descriptor.ts'
import { writeAtomic } from '../../transaction/atomic.ts'
import { type DiskFile, openDiskFile, readDiskFile } from './sparse.ts'

/**
 * The descriptor's bytes, to be kept until mendDescriptor has run: a text descriptor's whole file, or the sectors inside a
 * sparse file. Throws DISK_MALFORMED if there is none.
 */
export async function originalDescriptor(descriptorPath: string): Promise<Uint8Array> {
  return descriptorBytes(await readDiskFile(descriptorPath), descriptorPath)
}

/** The content id in a descriptor as it is now, eight lower-case hex digits; undefined if there is none. */
export async function readContentId(descriptorPath: string): Promise<string | undefined> {
  return contentIdOf(DescriptorDocument.parse(await originalDescriptor(descriptorPath)))
}

/**
 * Puts a descriptor right that qemu has written to: its original text again, in which only the content id, and the
 * same digits at the end of ddb.longContentID, are new. `contentId` defaults to the one that qemu wrote; a disk that was
 * written through a shadow takes the shadow's (readContentId). A text file is replaced by a rename, an
 * embedded descriptor is written in its place; either is on the disk when this returns. Running it again changes nothing.
 * Returns the content id.
 */
export async function mendDescriptor(
  descriptorPath: string,
  original: Uint8Array,
  contentId?: string,
): Promise<string> {
  const file = await readDiskFile(descriptorPath)
  const current = descriptorBytes(file, descriptorPath)
  const document = DescriptorDocument.parse(original)
  const id = contentId ?? contentIdOf(DescriptorDocument.parse(current)) ?? contentIdOf(document)
  if (id === undefined || !/^[0-9a-f]{8}$/.test(id))
    throw new VmcloneError('DISK_MALFORMED', `${descriptorPath} has no valid CID`)
  const place = file.kind === 'sparse' ? file.header.descriptor : undefined
  const mended = withContentId(document, id).padded(place?.length).bytes()
  if (place && mended.length > place.length)
    throw new VmcloneError('DISK_MALFORMED', `the descriptor does not fit into ${descriptorPath}`)
  if (sameBytes(mended, current)) return id
  if (place) await overwrite(descriptorPath, mended, place.offset)
  else await writeAtomic(descriptorPath, mended, { like: descriptorPath })
  return id
}

/** The ddb.uuid in a descriptor as it is now; undefined if there is none. */
export async function readDiskUuid(descriptorPath: string): Promise<string | undefined> {
  return DescriptorDocument.parse(await originalDescriptor(descriptorPath)).get('ddb.uuid')
}

/** A descriptor with another ddb.uuid. Throws CHANGED_MEANWHILE if it has not the one before. */
export function withDiskUuid(
  descriptor: Uint8Array,
  { before, after }: { readonly before: string; readonly after: string },
): Uint8Array {
  const document = DescriptorDocument.parse(descriptor)
  if (document.get('ddb.uuid') !== before)
    throw new VmcloneError('CHANGED_MEANWHILE', 'the ddb.uuid of a disk was changed since the plan was made')
  return document.set('ddb.uuid', after).bytes()
}

function descriptorBytes(file: DiskFile, path: string): Uint8Array {
  if ('descriptor' in file && file.descriptor) return file.descriptor
  throw new VmcloneError('DISK_MALFORMED', `${path} has no descriptor`)
}

function contentIdOf(document: DescriptorDocument): string | undefined {
  const value = document.get('CID') ?? ''
  return /^[0-9a-f]{1,8}$/i.test(value) ? value.toLowerCase().padStart(8, '0') : undefined
}

function withContentId(document: DescriptorDocument, id: string): DescriptorDocument {
  const long = document.get('ddb.longContentID') ?? ''
  const changed = document.set('CID', id)
  return /^[0-9a-f]{32}$/i.test(long) ? changed.set('ddb.longContentID', long.slice(0, -8) + id) : changed
}

async function overwrite(path: string, bytes: Uint8Array, position: number): Promise<void> {
  const handle = await openDiskFile(path, constants.O_WRONLY | constants.O_NOFOLLOW)
  try {
    await handle.write(bytes, 0, bytes.length, position)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
