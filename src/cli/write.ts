import { Writable } from 'node:stream'
import type { Output } from './terminal.ts'

/** Bytes that are gathered before they are written. */
const CHUNK = 64 * 1024

/** Writes pieces, texts or their UTF-8, as they are made, no faster than they are taken. A reader that goes away ends it. */
export async function writeAll(output: Output, pieces: Iterable<string | Uint8Array>): Promise<void> {
  let [gathered, size]: [Uint8Array[], number] = [[], 0]
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    gathered.push(bytes)
    size += bytes.length
    if (size < CHUNK) continue
    output.write(Buffer.concat(gathered))
    gathered = []
    size = 0
    if (!(output instanceof Writable)) continue
    if (output.destroyed) return
    if (output.writableNeedDrain) await drained(output)
  }
  output.write(Buffer.concat(gathered))
}

function drained(output: Writable): Promise<void> {
  return new Promise((resolve) => {
    const names = ['drain', 'close', 'error'] as const
    const done = (): void => {
      for (const name of names) output.off(name, done)
      resolve()
    }
    for (const name of names) output.on(name, done)
  })
}
