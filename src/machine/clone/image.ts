import { writeSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** What a file holds, in memory: the parts that are not zero, or not as in another file. */
export interface FileImage {
  /** Bytes. */
  readonly size: number
  readonly parts: readonly FilePart[]
}

interface FilePart {
  readonly position: number
  readonly bytes: Uint8Array
}

const CHUNK = 1024 * 1024
const BLOCK = 4096
const ZEROS = Buffer.alloc(CHUNK)

/** Reads a file, passing over blocks of zeros; undefined if it is longer than `limit` bytes, holes included. */
export async function loadImage(path: string, limit: number): Promise<FileImage | undefined> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    if (size > limit) return undefined
    const parts: FilePart[] = []
    const chunk = Buffer.alloc(CHUNK)
    for (let start = 0; start < size; start += CHUNK) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK, start)
      parts.push(...partsUnlike(chunk.subarray(0, bytesRead), ZEROS, start))
    }
    return { size, parts }
  } finally {
    await handle.close()
  }
}

/** Bytes of a file that lie one after the other. */
export interface Stretch {
  readonly position: number
  readonly length: number
}

/** What a file holds otherwise than another, of which it was a copy, in these stretches; behind the other's end zeros count as the same. */
export async function loadDifference(
  path: string,
  other: string,
  stretches: readonly Stretch[],
): Promise<FileImage> {
  const handle = await open(path, 'r')
  try {
    const second = await open(other, 'r')
    return await differenceOf(handle, second, stretches).finally(() => second.close())
  } finally {
    await handle.close()
  }
}

async function differenceOf(
  handle: FileHandle,
  other: FileHandle,
  stretches: readonly Stretch[],
): Promise<FileImage> {
  const { size } = await handle.stat()
  const parts: FilePart[] = []
  const chunks = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)] as const
  for (const { position, length } of stretches)
    for (let at = position; at < Math.min(position + length, size); at += CHUNK) {
      const wanted = Math.min(CHUNK, position + length - at)
      const own = await handle.read(chunks[0], 0, wanted, at)
      const others = await other.read(chunks[1], 0, wanted, at)
      chunks[1].fill(0, others.bytesRead, wanted)
      parts.push(...partsUnlike(chunks[0].subarray(0, own.bytesRead), chunks[1], at))
    }
  return { size, parts }
}

/** Writes an image into a new file, or over the other file that it was compared with. */
export async function writeImage(handle: FileHandle, image: FileImage): Promise<void> {
  // They only go to the page cache: waiting for a thread to do it would take longer than doing it.
  for (const { position, bytes } of image.parts)
    for (let done = 0; done < bytes.length; )
      done += writeSync(handle.fd, bytes, done, bytes.length - done, position + done)
  await handle.truncate(image.size)
}

/** Copies of the runs of blocks of which `other` holds other bytes; `position` is that of the chunk in its file. */
function partsUnlike(chunk: Buffer, other: Buffer, position: number): FilePart[] {
  const runs: { from: number; to: number }[] = []
  for (let from = 0; from < chunk.length; from += BLOCK) {
    const to = Math.min(from + BLOCK, chunk.length)
    if (chunk.compare(other, from, to, from, to) === 0) continue
    const last = runs.at(-1)
    if (last?.to === from) last.to = to
    else runs.push({ from, to })
  }
  return runs.map(({ from, to }) => ({
    position: position + from,
    bytes: Buffer.from(chunk.subarray(from, to)),
  }))
}
