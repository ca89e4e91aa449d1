import { type Command, LINE_LIMIT } from './quote.ts'
import { pieces } from './writer.ts'

/**
 * Commands that put bytes without NUL over a file's own, in the blocks where those lie: `write` would cut the file first, and it
 * would get other blocks. The file must be as long.
 */
export function overwriteCommands(path: string, bytes: Uint8Array): Command[] {
  let offset = 0
  return pieces(bytes, LINE_LIMIT - 4 * Buffer.byteLength(path) - 60).map((piece) => {
    const command: Command = ['pwrite', path, piece, String(offset)]
    offset += piece.length
    return command
  })
}
