import { constants } from 'node:fs'
import { sameBytes } from '../../formats/bytes.ts'
import { openDiskFile } from '../disk/sparse.ts'
import type { Candidates, DiskOffset, VaryingFile } from './content.ts'
import { type Image, ownSpans } from './spans.ts'

/** A part of a file's content in a virtual disk. */
interface DiskPart extends DiskOffset {
  /** Bytes. */
  readonly length: number
  /** Offset in the file's content. */
  readonly from: number
}

/** A part of a file's content in a file of the host. */
export interface Piece {
  /** Absolute path of one of the image's files. */
  readonly file: string
  /** Offset there, bytes. */
  readonly offset: number
  /** Bytes. */
  readonly length: number
  /** Offset in the content. */
  readonly from: number
}

/** Where a file of the mold lies: to be written over with a clone's content of the same length. */
export interface Place {
  readonly path: string
  /** The mold's content. */
  readonly content: Uint8Array
  /** In the virtual disks. */
  readonly parts: readonly DiskPart[]
  /** The same in the files of the images. */
  readonly pieces: readonly Piece[]
}

/** What was found, and what was not. */
export interface Located {
  readonly places: readonly Place[]
  readonly missed: readonly Missed[]
}

/** A file that cannot be stamped. */
export interface Missed {
  readonly path: string
  /** Why, as the end of a sentence that begins with the path. */
  readonly reason: string
  /**
   * There if it has a block of so few bytes that more places than its own may hold them: write other bytes over the mold's
   * (moldContent with `unlike`, overwriteCommands) and locate those `among` these candidates.
   */
  readonly candidates?: readonly Candidates[]
}

/** Finds the host's bytes for blocks of files, in file order, and reads them for a check. */
export async function settle(
  images: readonly Image[],
  files: readonly { readonly file: VaryingFile; readonly blocks: readonly DiskOffset[] }[],
): Promise<Located> {
  const unsettled = files.map(({ file: { path, content, blockSize }, blocks }) => ({
    path,
    content,
    parts: joined(
      blocks.map(({ disk, offset }, index) => {
        const from = index * blockSize
        return { disk, offset, from, length: Math.min(blockSize, content.length - from) }
      }),
    ),
  }))
  return translate(unsettled, images)
}

/**
 * The same places in other images of the same disks, such as the flattened mold: by their offsets in the virtual disk. What does
 * not hold the mold's bytes there is missed. `images`: one for each disk. Throws DISK_*, QEMU_IMG_FAILED.
 */
export async function translate(
  places: readonly Omit<Place, 'pieces'>[],
  images: readonly Image[],
): Promise<Located> {
  const pieces = await findPieces(places, images)
  const settled = places.map((place, index) => ({ ...place, pieces: pieces[index] ?? [] }))
  const read = await readBack(settled)
  const good = settled.filter((place, index) => sameBytes(read[index], place.content))
  const missed = settled
    .filter((place) => !good.includes(place))
    .map(({ path }) => ({ path, reason: 'is not where it was found in the mold' }))
  return { places: good, missed }
}

/** The host's bytes for each place's parts, in the order of the content; parts that an image does not hold have none. */
async function findPieces(
  places: readonly Pick<Place, 'parts'>[],
  images: readonly Image[],
): Promise<Piece[][]> {
  const pieces = places.map((): Piece[] => [])
  for (const [disk, image] of images.entries()) {
    const wanted = places
      .flatMap(({ parts }, place) =>
        parts.map((part) => ({ ...part, end: part.offset + part.length, place })),
      )
      .filter((part) => part.disk === disk)
      .sort((a, b) => a.offset - b.offset)
    let next = 0
    for await (const span of ownSpans(image)) {
      while (next < wanted.length && (wanted[next]?.end ?? 0) <= span.start) next += 1
      if (next === wanted.length) break
      const end = span.start + span.length
      for (const part of wanted.slice(next)) {
        if (part.offset >= end) break
        const start = Math.max(part.offset, span.start)
        pieces[part.place]?.push({
          file: span.file,
          offset: span.offset + start - span.start,
          length: Math.min(part.end, end) - start,
          from: part.from + start - part.offset,
        })
      }
    }
  }
  return pieces.map((found) => found.sort((a, b) => a.from - b.from))
}

/** What the host's files hold in these places; bytes of no piece are left out. */
async function readBack(places: readonly Place[]): Promise<Uint8Array[]> {
  const contents = places.map(({ content }) => new Uint8Array(content.length))
  const all = places.flatMap(({ pieces }, index) =>
    pieces.map((piece) => ({ ...piece, into: contents[index] })),
  )
  for (const file of new Set(all.map((piece) => piece.file))) {
    const handle = await openDiskFile(file, constants.O_RDONLY)
    try {
      for (const { into, offset, length, from, ...piece } of all)
        if (into && piece.file === file) await handle.read(into, from, length, offset)
    } finally {
      await handle.close()
    }
  }
  return contents
}

/** Parts that follow each other in the content and on the disk, as one. */
function joined(parts: readonly DiskPart[]): DiskPart[] {
  const result: DiskPart[] = []
  for (const part of parts) {
    const last = result.at(-1)
    if (last?.disk === part.disk && last.offset + last.length === part.offset)
      result[result.length - 1] = { ...last, length: last.length + part.length }
    else result.push(part)
  }
  return result
}
