import { writeSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** What a small file holds, in memory: the parts that are not zero. */
export interface FileImage {
  /** Bytes. */
  readonly size: number
  readonly parts: readonly { readonly position: number; readonly bytes: Uint8Array }[]
}

const CHUNK = 1024 * 1024
const BLOCK = 4096
const ZEROS = Buffer.alloc(BLOCK)

/** Reads a file, passing over blocks of zeros; undefined if it is longer than `limit` bytes, holes included. */
export async function loadImage(path: string, limit: number): Promise<FileImage | undefined> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    if (size > limit) return undefined
    const parts: { position: number; bytes: Uint8Array }[] = []
    const chunk = Buffer.alloc(CHUNK)
    for (let start = 0; start < size; start += CHUNK) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK, start)
      for (const { from, to } of filledRuns(chunk.subarray(0, bytesRead)))
        parts.push({ position: start + from, bytes: Buffer.from(chunk.subarray(from, to)) })
    }
    return { size, parts }
  } finally {
    await handle.close()
  }
}

/** Writes an image into a new file. */
export async function writeImage(handle: FileHandle, image: FileImage): Promise<void> {
  // They only go to the page cache: waiting for a thread to do it would take longer than doing it.
  for (const { position, bytes } of image.parts)
    for (let done = 0; done < bytes.length; )
      done += writeSync(handle.fd, bytes, done, bytes.length - done, position + done)
  await handle.truncate(image.size)
}

function filledRuns(chunk: Buffer): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = []
  for (let from = 0; from < chunk.length; from += BLOCK) {
    const to = Math.min(from + BLOCK, chunk.length)
    if (chunk.subarray(from, to).equals(ZEROS.subarray(0, to - from))) continue
    const last = runs.at(-1)
    if (last?.to === from) last.to = to
    else runs.push({ from, to })
  }
  return runs
}
