import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { openDiskFile, SECTOR } from '../disk/sparse.ts'
import type { Span } from './spans.ts'

const WINDOW = 1 << 20

/** Part of a run of bytes that lie one after the other in a virtual disk. */
export interface Window {
  /** Offset of the first byte in the virtual disk, a multiple of 512. */
  readonly start: number
  /** Valid until the next window is asked for. */
  readonly bytes: Buffer
  /** How many of the sectors at its beginning are new: those after them come again, at the beginning of the next window. */
  readonly fresh: number
}

/**
 * Reads spans in windows. Each sector is fresh once, and then has `reach` bytes from its start in the window unless the run
 * ends before. What lies behind a file's end reads as zeros.
 */
export async function* windows(spans: AsyncIterable<Span>, reach: number): AsyncGenerator<Window> {
  const buffer = Buffer.alloc(WINDOW + reach)
  const files = new Map<string, FileHandle>()
  let start = 0
  let filled = 0
  const window = (keep: number): Window => ({
    start,
    bytes: buffer.subarray(0, filled),
    fresh: Math.ceil((filled - keep) / SECTOR),
  })
  try {
    for await (const span of spans) {
      if (filled > 0 && start + filled !== span.start) {
        yield window(0)
        filled = 0
      }
      if (filled === 0) start = span.start
      const handle = files.get(span.file) ?? (await openDiskFile(span.file, constants.O_RDONLY))
      files.set(span.file, handle)
      for (let done = 0; done < span.length; ) {
        const length = Math.min(buffer.length - filled, span.length - done)
        await read(handle, buffer.subarray(filled, filled + length), span.offset + done)
        filled += length
        done += length
        if (filled < buffer.length) continue
        yield window(reach)
        buffer.copyWithin(0, filled - reach, filled)
        start += filled - reach
        filled = reach
      }
    }
    if (filled > 0) yield window(0)
  } finally {
    for (const handle of files.values()) await handle.close()
  }
}

async function read(handle: FileHandle, into: Buffer, position: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await handle.read(into, done, into.length - done, position + done)
    if (bytesRead === 0) {
      into.fill(0, done)
      return
    }
    done += bytesRead
  }
}
