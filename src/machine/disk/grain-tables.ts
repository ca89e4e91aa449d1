import type { FileHandle } from 'node:fs/promises'
import { endianness } from 'node:os'
import { VmcloneError } from '../../errors/index.ts'
import { GD_AT_END, SECTOR } from './sparse.ts'

/** Bytes of an entry of a grain directory or grain table. */
const ENTRY = 4

/** A grain that reads as zeros, where the header's flag allows it (VMDK4_FLAG_ZERO_GRAIN in qemu's block/vmdk.c). */
export const ZERO_GRAIN = 1

const FLAG_REDUNDANT = 1 << 1
const FLAG_ZERO_GRAIN = 1 << 2
const FLAG_MARKERS = 1 << 17

/** Type of the marker before a footer. */
const FOOTER = 3

/** Grain tables that are read at once where they lie in a row. */
const RUN = 512

/** Where a hosted sparse extent keeps its grain tables, and how (Virtual Disk Format 1.1). */
export interface GrainTables {
  /** Bytes. */
  readonly grain: number
  /** Entries of one grain table. */
  readonly entries: number
  /** Offset of the grain directory, bytes. */
  readonly directory: number
  /** Offset of its copy, bytes; absent if there is none. */
  readonly redundant?: number
  readonly zeroGrains: boolean
  /** True if each grain has a marker before it that says how long it is: it is compressed. */
  readonly markers: boolean
}

/** Reads where the tables are: out of the footer where the header says so. Throws DISK_MALFORMED, DISK_TRUNCATED. */
export async function readGrainTables(handle: FileHandle, file: string): Promise<GrainTables> {
  const first = await readExactly(handle, file, 0, SECTOR)
  const header = first.readBigUInt64LE(56) === GD_AT_END ? await readFooter(handle, file) : first
  const flags = header.readUInt32LE(8)
  const redundant = Number(header.readBigUInt64LE(48)) * SECTOR
  const tables = {
    grain: Number(header.readBigUInt64LE(20)) * SECTOR,
    entries: header.readUInt32LE(44),
    directory: Number(header.readBigUInt64LE(56)) * SECTOR,
    ...((flags & FLAG_REDUNDANT) !== 0 && redundant > 0 ? { redundant } : {}),
    zeroGrains: (flags & FLAG_ZERO_GRAIN) !== 0,
    markers: (flags & FLAG_MARKERS) !== 0,
  }
  const { grain, entries, directory } = tables
  // qemu refuses larger ones too.
  const sane = grain > 0 && grain <= 1 << 30 && entries > 0 && entries <= 1024 && directory > 0
  if (header.toString('latin1', 0, 4) !== 'KDMV' || !sane) throw damaged(file)
  return tables
}

/** The header's copy at the end, between a marker and the end-of-stream marker. */
async function readFooter(handle: FileHandle, file: string): Promise<Buffer> {
  const { size } = await handle.stat()
  const end = await readExactly(handle, file, Math.max(0, size - 3 * SECTOR), 3 * SECTOR)
  const footer = end.subarray(SECTOR, 2 * SECTOR)
  if (end.readUInt32LE(12) === FOOTER && footer.toString('latin1', 0, 4) === 'KDMV') return footer
  throw new VmcloneError('DISK_TRUNCATED', `${file} has ${size} bytes and ends without its footer`)
}

/** The sectors of all grains in order, of many at a time; 0 for those that are absent. Throws DISK_MALFORMED, DISK_TRUNCATED. */
export async function* grainSectors(
  handle: FileHandle,
  file: string,
  tables: GrainTables,
  grains: number,
): AsyncGenerator<Uint32Array> {
  const { entries, directory } = tables
  const places = await readDirectory(handle, file, directory, Math.ceil(grains / entries))
  const bytes = entries * ENTRY
  for (let at = 0; at < places.length; ) {
    const place = (places[at] as number) * SECTOR
    let run = 1
    while (
      run < RUN &&
      at + run < places.length &&
      (places[at + run] as number) * SECTOR === follower(place, run, bytes)
    )
      run += 1
    const wanted = Math.min(run * entries, grains - at * entries)
    yield place === 0
      ? new Uint32Array(wanted)
      : entriesOf(await readExactly(handle, file, place, run * bytes)).subarray(0, wanted)
    at += run
  }
}

/** The sectors of a directory's grain tables; 0 for those that are absent. */
export async function readDirectory(
  handle: FileHandle,
  file: string,
  at: number,
  count: number,
): Promise<Uint32Array> {
  return entriesOf(await readExactly(handle, file, at, count * ENTRY))
}

/** Bytes of one grain table. */
export function tableLength({ entries }: GrainTables): number {
  return entries * ENTRY
}

/** Where the n-th table after one at `place` lies if they lie in a row; absent tables follow absent ones. */
function follower(place: number, n: number, bytes: number): number {
  return place === 0 ? 0 : place + n * bytes
}

/** Bytes of a sparse extent. Throws DISK_TRUNCATED if it ends before. */
export async function readExactly(
  handle: FileHandle,
  file: string,
  at: number,
  length: number,
): Promise<Buffer> {
  // The directory of a disk of 64 TiB takes 8 MiB.
  if (length > 1 << 24 || !Number.isSafeInteger(at)) throw damaged(file)
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, at)
  if (bytesRead < length) throw truncated(file, (await handle.stat()).size, at + length)
  return buffer
}

function entriesOf(bytes: Buffer): Uint32Array {
  if (endianness() === 'BE') bytes.swap32()
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / ENTRY)
}

/** For tables that cannot be meant. */
export function damaged(file: string): VmcloneError {
  return new VmcloneError('DISK_MALFORMED', `the grain tables of ${file} are damaged`)
}

/** For a sparse extent that ends before what it holds. */
export function truncated(file: string, size: number, needed: number): VmcloneError {
  return new VmcloneError('DISK_TRUNCATED', `${file} has ${size} bytes where its grain tables need ${needed}`)
}
