import { Writable } from 'node:stream'
import type { Output } from './terminal.ts'

/** Characters that are gathered before they are written. */
const CHUNK = 64 * 1024

/** Writes pieces as they are made, no faster than they are taken. A reader that goes away ends it. */
export async function writeAll(output: Output, pieces: Iterable<string>): Promise<void> {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < CHUNK) continue
    output.write(text)
    text = ''
    if (!(output instanceof Writable)) continue
    if (output.destroyed) return
    if (output.writableNeedDrain) await drained(output)
  }
  output.write(text)
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
