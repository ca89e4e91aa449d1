import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { DiskChain } from './chain.ts'
import {
  type GrainTables,
  grainSectors,
  readDirectory,
  readExactly,
  readGrainTables,
  tableLength,
  truncated,
  ZERO_GRAIN,
} from './grain-tables.ts'
import { openDiskFile, SECTOR } from './sparse.ts'

/** Bytes of the marker before a compressed grain: its first sector in the disk, and how many bytes follow. */
const MARKER = 12

/**
 * Checks that no sparse extent of a disk or of its parents ends before what its grain tables say that it holds, as an incomplete
 * copy does. Reads the tables only, 4 bytes for each grain. Throws DISK_TRUNCATED, DISK_MALFORMED.
 */
export async function checkWhole({ leaf, parents }: DiskChain): Promise<void> {
  for (const { extents } of [leaf, ...parents])
    for (const { path, layout, sectors } of extents)
      if (layout === 'sparse') await checkSparse(path, sectors * SECTOR)
}

async function checkSparse(file: string, capacity: number): Promise<void> {
  const handle = await openDiskFile(file, constants.O_RDONLY)
  try {
    const { size } = await handle.stat()
    const tables = await readGrainTables(handle, file)
    const grains = Math.ceil(capacity / tables.grain)
    const needed = Math.max(
      await endOfCopies(handle, file, tables, grains),
      await endOfGrains(handle, file, tables, capacity),
    )
    if (size < needed) throw truncated(file, size, needed)
  } finally {
    await handle.close()
  }
}

/** Where the last of the redundant grain tables ends, bytes. */
async function endOfCopies(
  handle: FileHandle,
  file: string,
  tables: GrainTables,
  grains: number,
): Promise<number> {
  if (tables.redundant === undefined) return 0
  const places = await readDirectory(handle, file, tables.redundant, Math.ceil(grains / tables.entries))
  const last = largest(places)
  return last === 0 ? 0 : last * SECTOR + tableLength(tables)
}

/** Where the grain that lies last in the file ends, bytes. */
async function endOfGrains(
  handle: FileHandle,
  file: string,
  tables: GrainTables,
  capacity: number,
): Promise<number> {
  const { grain, zeroGrains, markers } = tables
  const grains = Math.ceil(capacity / grain)
  let last = 0
  let final = 0
  for await (const sectors of grainSectors(handle, file, tables, grains)) {
    last = Math.max(last, largest(sectors))
    final = sectors.at(-1) ?? 0
  }
  if (last === 0 || (last === ZERO_GRAIN && zeroGrains)) return 0
  const offset = last * SECTOR
  if (markers)
    return offset + MARKER + (await readExactly(handle, file, offset, MARKER)).readUInt32LE(MARKER - 4)
  // Of a disk's last grain there need be no more than the disk has.
  return offset + (last === final ? capacity - (grains - 1) * grain : grain)
}

function largest(values: Uint32Array): number {
  let most = 0
  for (const value of values) if (value > most) most = value
  return most
}
