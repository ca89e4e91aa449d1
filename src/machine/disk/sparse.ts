import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { VmcloneError } from '../../errors/index.ts'

export const SECTOR = 512

/** Longest descriptor that is read, in bytes; qemu reads no more either. */
const DESCRIPTOR_LIMIT = 1 << 20

const FLAG_COMPRESSED = 1 << 16
const FLAG_MARKERS = 1 << 17
/** Place of a grain directory that only the footer tells. */
export const GD_AT_END = 0xffff_ffff_ffff_ffffn

/** Header of a hosted sparse extent ("KDMV"; Virtual Disk Format 1.1, SparseExtentHeader). */
export interface SparseHeader {
  /** 1, 2, or 3 (changed block tracking, or streamOptimized). */
  readonly version: number
  /** Compressed grains, markers, or the grain directory at the end: a streamOptimized file. */
  readonly streamOptimized: boolean
  /** Sectors. */
  readonly capacity: number
  /** Bytes before the first grain: header, descriptor, grain directories and grain tables. */
  readonly overhead: number
  /** Where the embedded descriptor stands, in bytes; absent if there is none. */
  readonly descriptor?: { readonly offset: number; readonly length: number }
}

/** What a file of a virtual disk is, by its first bytes. Descriptor bytes include their padding. */
export type DiskFile =
  | { readonly kind: 'text'; readonly descriptor: Uint8Array }
  | { readonly kind: 'sparse'; readonly header: SparseHeader; readonly descriptor?: Uint8Array }
  | { readonly kind: 'vmfsSparse' }
  | { readonly kind: 'seSparse' }
  | { readonly kind: 'other' }

/** Decodes the first sector of a hosted sparse extent; undefined if it is none. */
function parseSparseHeader(sector: Uint8Array): SparseHeader | undefined {
  const bytes = Buffer.from(sector.buffer, sector.byteOffset, sector.byteLength)
  if (bytes.length < SECTOR || bytes.toString('latin1', 0, 4) !== 'KDMV') return undefined
  const flags = bytes.readUInt32LE(8)
  const header = {
    version: bytes.readUInt32LE(4),
    streamOptimized:
      (flags & (FLAG_COMPRESSED | FLAG_MARKERS)) !== 0 || bytes.readBigUInt64LE(56) === GD_AT_END,
    capacity: Number(bytes.readBigUInt64LE(12)),
    overhead: Number(bytes.readBigUInt64LE(64)) * SECTOR,
  }
  const offset = Number(bytes.readBigUInt64LE(28)) * SECTOR
  const length = Number(bytes.readBigUInt64LE(36)) * SECTOR
  return offset === 0 || length === 0 ? header : { ...header, descriptor: { offset, length } }
}

/** Opens an existing file, never waiting on a pipe. Throws DISK_MISSING or DISK_NOT_ACCESSIBLE. */
export async function openDiskFile(path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags | constants.O_NONBLOCK)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new VmcloneError('DISK_MISSING', `${path} is not there`, { cause })
    const verb = flags === constants.O_RDONLY ? 'read' : 'written'
    const hint = code === 'EROFS' ? { hint: 'Mount the file system writable.' } : {}
    throw new VmcloneError('DISK_NOT_ACCESSIBLE', `${path} cannot be ${verb} (${code})`, { cause, ...hint })
  }
}

/** Reads what a disk file says of itself. Throws DISK_MISSING, DISK_NOT_ACCESSIBLE, and DISK_MALFORMED unless it is a regular file. */
export async function readDiskFile(path: string): Promise<DiskFile> {
  const handle = await openDiskFile(path, constants.O_RDONLY)
  try {
    const { size, isFile } = await handle
      .stat()
      .then((found) => ({ size: found.size, isFile: found.isFile() }))
    if (!isFile) throw new VmcloneError('DISK_MALFORMED', `${path} is not a regular file`)
    const sector = await readSpan(handle, 0, Math.min(size, SECTOR))
    const magic = Buffer.from(sector).toString('latin1', 0, 8)
    if (magic.startsWith('COWD')) return { kind: 'vmfsSparse' }
    if (magic === '\xbe\xba\xfe\xca\0\0\0\0') return { kind: 'seSparse' }
    const header = parseSparseHeader(sector)
    if (header) return await readEmbedded(handle, header, path)
    if (size > DESCRIPTOR_LIMIT || !/^(?:\xef\xbb\xbf)?#/.test(magic)) return { kind: 'other' }
    return { kind: 'text', descriptor: await readSpan(handle, 0, size) }
  } finally {
    await handle.close()
  }
}

async function readEmbedded(handle: FileHandle, header: SparseHeader, path: string): Promise<DiskFile> {
  if (!header.descriptor) return { kind: 'sparse', header }
  const { offset, length } = header.descriptor
  if (length > DESCRIPTOR_LIMIT)
    throw new VmcloneError('DISK_MALFORMED', `${path} says that its descriptor is ${length} bytes long`)
  return { kind: 'sparse', header, descriptor: await readSpan(handle, offset, length) }
}

async function readSpan(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, position)
  return new Uint8Array(buffer.subarray(0, bytesRead))
}
