import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { VmcloneError } from '../../errors/index.ts'
import { openDiskFile, SECTOR } from '../disk/sparse.ts'
import type { Span } from './spans.ts'

/** Bytes of an entry of a grain directory or grain table. */
const ENTRY = 4

/** A grain that reads as zeros, where the header's flag allows it (VMDK4_FLAG_ZERO_GRAIN in qemu's block/vmdk.c). */
const ZERO_GRAIN = 1
const FLAG_ZERO_GRAIN = 4

/** Grain tables that are read at once where they lie in a row. */
const RUN = 64

interface Tables {
  /** Bytes. */
  readonly grain: number
  /** Entries of one grain table. */
  readonly entries: number
  /** Offset of the grain directory, bytes. */
  readonly directory: number
  readonly zeroGrains: boolean
}

/**
 * The grains that a hosted sparse extent holds (Virtual Disk Format 1.1), neighbours mostly joined, `start` counted from its own
 * first byte, `capacity` in bytes. Throws DISK_MALFORMED for tables that point outside of the file.
 */
export async function* grainSpans(file: string, capacity: number): AsyncGenerator<Span> {
  const handle = await openDiskFile(file, constants.O_RDONLY)
  try {
    const { size } = await handle.stat()
    const tables = await readTables(handle, file)
    const grains = Math.ceil(capacity / tables.grain)
    let first = 0
    for await (const sectors of tableRuns(handle, file, tables, grains)) {
      yield* spansOf(file, sectors, first, { ...tables, size, capacity })
      first += sectors.length
    }
  } finally {
    await handle.close()
  }
}

/** The entries of all grain tables in order, of many at a time; those of absent tables as zeros. */
async function* tableRuns(
  handle: FileHandle,
  file: string,
  { entries, directory }: Tables,
  grains: number,
): AsyncGenerator<number[]> {
  const count = Math.ceil(grains / entries)
  const places = entriesOf(await readExactly(handle, file, directory, count * ENTRY))
  const bytes = entries * ENTRY
  for (let at = 0; at < count; ) {
    const place = (places[at] as number) * SECTOR
    let run = 1
    while (
      run < RUN &&
      at + run < count &&
      (places[at + run] as number) * SECTOR === follower(place, run, bytes)
    )
      run += 1
    const wanted = Math.min(run * entries, grains - at * entries)
    yield place === 0
      ? new Array<number>(wanted).fill(0)
      : entriesOf(await readExactly(handle, file, place, run * bytes)).slice(0, wanted)
    at += run
  }
}

/** Where the n-th table after one at `place` lies if they lie in a row; absent tables follow absent ones. */
function follower(place: number, n: number, bytes: number): number {
  return place === 0 ? 0 : place + n * bytes
}

function* spansOf(
  file: string,
  sectors: readonly number[],
  first: number,
  { grain, zeroGrains, size, capacity }: Tables & { readonly size: number; readonly capacity: number },
): Generator<Span> {
  let run: Span | undefined
  for (const [index, sector] of sectors.entries()) {
    if (sector === 0 || (sector === ZERO_GRAIN && zeroGrains)) continue
    const start = (first + index) * grain
    const offset = sector * SECTOR
    if (sector === ZERO_GRAIN || offset >= size) throw damaged(file)
    const length = Math.min(grain, capacity - start)
    if (run && run.start + run.length === start && run.offset + run.length === offset)
      run = { ...run, length: run.length + length }
    else {
      if (run) yield run
      run = { start, length, file, offset }
    }
  }
  if (run) yield run
}

async function readTables(handle: FileHandle, file: string): Promise<Tables> {
  const header = await readExactly(handle, file, 0, SECTOR)
  const tables = {
    grain: Number(header.readBigUInt64LE(20)) * SECTOR,
    entries: header.readUInt32LE(44),
    directory: Number(header.readBigUInt64LE(56)) * SECTOR,
    zeroGrains: (header.readUInt32LE(8) & FLAG_ZERO_GRAIN) !== 0,
  }
  const { grain, entries, directory } = tables
  // qemu refuses larger ones too.
  const sane = grain > 0 && grain <= 1 << 30 && entries > 0 && entries <= 1024 && directory > 0
  if (header.toString('latin1', 0, 4) !== 'KDMV' || !sane) throw damaged(file)
  return tables
}

async function readExactly(handle: FileHandle, file: string, at: number, length: number): Promise<Buffer> {
  // The directory of a disk of 64 TiB takes 8 MiB.
  if (length > 1 << 24 || !Number.isSafeInteger(at)) throw damaged(file)
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, at)
  if (bytesRead < length) throw damaged(file)
  return buffer
}

function entriesOf(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / ENTRY }, (_, index) => bytes.readUInt32LE(index * ENTRY))
}

function damaged(file: string): VmcloneError {
  return new VmcloneError('DISK_MALFORMED', `the grain tables of ${file} are damaged`)
}
