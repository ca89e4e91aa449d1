import { constants } from 'node:fs'
import {
  damaged,
  type GrainTables,
  grainSectors,
  readGrainTables,
  truncated,
  ZERO_GRAIN,
} from '../disk/grain-tables.ts'
import { openDiskFile, SECTOR } from '../disk/sparse.ts'
import type { Span } from './spans.ts'

/**
 * The grains that a hosted sparse extent holds, not compressed, neighbours mostly joined, `start` counted from its own
 * first byte, `capacity` in bytes. Throws DISK_MALFORMED for tables that cannot be meant, DISK_TRUNCATED for those that point
 * outside of the file.
 */
export async function* grainSpans(file: string, capacity: number): AsyncGenerator<Span> {
  const handle = await openDiskFile(file, constants.O_RDONLY)
  try {
    const { size } = await handle.stat()
    const tables = await readGrainTables(handle, file)
    const grains = Math.ceil(capacity / tables.grain)
    let first = 0
    for await (const sectors of grainSectors(handle, file, tables, grains)) {
      yield* spansOf(file, sectors, first, { ...tables, size, capacity })
      first += sectors.length
    }
  } finally {
    await handle.close()
  }
}

function* spansOf(
  file: string,
  sectors: Uint32Array,
  first: number,
  { grain, zeroGrains, size, capacity }: GrainTables & { readonly size: number; readonly capacity: number },
): Generator<Span> {
  let run: Span | undefined
  for (const [index, sector] of sectors.entries()) {
    if (sector === 0 || (sector === ZERO_GRAIN && zeroGrains)) continue
    const start = (first + index) * grain
    const offset = sector * SECTOR
    const length = Math.min(grain, capacity - start)
    if (sector === ZERO_GRAIN) throw damaged(file)
    if (offset >= size) throw truncated(file, size, offset + length)
    if (run && run.start + run.length === start && run.offset + run.length === offset)
      run = { ...run, length: run.length + length }
    else {
      if (run) yield run
      run = { start, length, file, offset }
    }
  }
  if (run) yield run
}
