import { SECTOR } from '../disk/sparse.ts'
import type { Block, Candidates, DiskOffset } from './content.ts'
import { windows } from './read.ts'
import { type Image, ownSpans } from './spans.ts'

/** Places that are kept of one block; more tell nothing. */
const MOST = 4096

/** A block that is looked for, and what was seen. */
export class Needle {
  readonly block: Block
  readonly #hits: DiskOffset[] = []
  /** Places that look like it but for the value of its random bytes, itself included; counted for short blocks only. */
  alike = 0

  constructor(block: Block) {
    this.block = block
  }

  /** Every place where it lies, up to a limit that no file system comes near. */
  get hits(): Candidates {
    return this.#hits
  }

  /** True if there are more hits than were kept. */
  get overflows(): boolean {
    return this.#hits.length > MOST
  }

  hit(place: DiskOffset): void {
    if (!this.overflows) this.#hits.push(place)
  }
}

/** Blocks of fewer random bytes than this may turn up by chance: see CHANCE in locate.ts. */
export const SHORT = 8

/** Looks for all blocks at all sectors of what the images themselves hold, in one pass. */
export async function scan(images: readonly Image[], needles: readonly Needle[]): Promise<void> {
  const byStart = new Map<number, Needle[]>()
  for (const needle of needles) {
    const key = Buffer.from(needle.block.bytes.buffer).readUInt32LE(0)
    byStart.set(key, [...(byStart.get(key) ?? []), needle])
  }
  const short = needles.filter(({ block }) => block.used < SHORT)
  const reach = Math.max(SECTOR, ...needles.map(({ block }) => block.bytes.length))
  for (const [disk, image] of images.entries())
    for await (const { start, bytes, fresh } of windows(ownSpans(image), reach))
      for (let at = 0; at < fresh * SECTOR && at + SECTOR <= bytes.length; at += SECTOR) {
        for (const needle of byStart.get(bytes.readUInt32LE(at)) ?? [])
          if (holds(bytes, at, needle.block)) needle.hit({ disk, offset: start + at })
        for (const needle of short) if (isAlike(bytes, at, needle.block)) needle.alike += 1
      }
}

function holds(bytes: Buffer, at: number, block: Block): boolean {
  const end = at + block.bytes.length
  return end <= bytes.length && bytes.compare(block.bytes, 0, block.bytes.length, at, end) === 0
}

/** True if there are as many bytes other than NUL, and then zeros up to the block's end. */
function isAlike(bytes: Buffer, at: number, { bytes: { length }, used }: Block): boolean {
  if (at + length > bytes.length) return false
  for (let index = 0; index < used; index++) if (bytes[at + index] === 0) return false
  for (let index = used; index < length; index++) if (bytes[at + index] !== 0) return false
  return true
}
