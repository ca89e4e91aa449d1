import { realpath } from 'node:fs/promises'
import { imageMap } from '../../transaction/images.ts'
import { readLink } from '../disk/link.ts'
import { SECTOR } from '../disk/sparse.ts'
import { grainSpans } from './grains.ts'

/** A disk image on the host; a VMDK is named by its descriptor. Paths are absolute. */
export interface Image {
  readonly path: string
  readonly format: 'vmdk' | 'qcow2' | 'raw'
}

/** Bytes of a virtual disk that lie one after the other in a file of its image. */
export interface Span {
  /** Offset in the virtual disk, bytes. */
  readonly start: number
  /** Bytes. */
  readonly length: number
  /** Host file, absolute, links resolved. */
  readonly file: string
  /** Offset in that file, bytes. */
  readonly offset: number
}

/**
 * What an image itself holds, without its backing chain, in the order of the virtual disk; neighbours in both are one span.
 * VMDKs are read by their grain tables: qemu tells no file names for the extents of a split disk. The image may
 * be open in qemu, if it was flushed. Throws DISK_*, QEMU_IMG_FAILED.
 */
export async function* ownSpans({ path, format }: Image): AsyncGenerator<Span> {
  let last: Span | undefined
  for await (const span of format === 'vmdk' ? vmdkSpans(path) : mappedSpans(path, format)) {
    if (
      last?.file === span.file &&
      last.start + last.length === span.start &&
      last.offset + last.length === span.offset
    ) {
      last = { ...last, length: last.length + span.length }
      continue
    }
    if (last) yield last
    last = span
  }
  if (last) yield last
}

async function* mappedSpans(path: string, format: 'qcow2' | 'raw'): AsyncGenerator<Span> {
  const file = await realpath(path)
  for (const { start, length, data, zero, offset } of await imageMap(file, format, { shared: true }))
    if (data && !zero && offset !== undefined) yield { start, length, file, offset }
}

async function* vmdkSpans(path: string): AsyncGenerator<Span> {
  const { extents } = await readLink(await realpath(path), 'read')
  let start = 0
  for (const { path: file, layout, sectors, offset } of extents) {
    const length = sectors * SECTOR
    if (layout === 'flat') yield { start, length, file, offset: offset * SECTOR }
    else for await (const span of grainSpans(file, length)) yield { ...span, start: start + span.start }
    start += length
  }
}
