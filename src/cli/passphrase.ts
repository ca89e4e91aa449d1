/** A terminal's keyboard. */
export interface Keyboard {
  setRawMode(raw: boolean): unknown
  on(event: 'data', listener: (bytes: Buffer) => void): unknown
  off(event: 'data', listener: (bytes: Buffer) => void): unknown
  resume(): unknown
  pause(): unknown
}

const INTERRUPT = 0x03
const END = 0x04
const BACKSPACES = [0x08, 0x7f]
const CLEAR = 0x15
const ESCAPE = 0x1b
const ENTERS = [0x0a, 0x0d]

/**
 * Reads a line without echo. Undefined for an end of input, or when aborted. Ctrl-C, which raw mode takes from the
 * terminal, becomes the signal that it usually is.
 */
export async function readPassphrase(
  keyboard: Keyboard,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  let typed: number[] = []
  return new Promise((resolve) => {
    const end = (answer: Uint8Array | undefined): void => {
      keyboard.off('data', onData)
      signal.removeEventListener('abort', onAbort)
      keyboard.setRawMode(false)
      keyboard.pause()
      resolve(answer)
    }
    const onAbort = (): void => end(undefined)
    const onData = (bytes: Buffer): void => {
      // Arrow and function keys come as one sequence.
      if (bytes[0] === ESCAPE) return
      for (const byte of bytes) {
        if (ENTERS.includes(byte)) end(Uint8Array.from(typed))
        else if (byte === END && typed.length === 0) end(undefined)
        else if (byte === INTERRUPT) process.kill(process.pid, 'SIGINT')
        else if (BACKSPACES.includes(byte)) typed = withoutLast(typed)
        else if (byte === CLEAR) typed = []
        else if (byte >= 0x20) typed.push(byte)
      }
    }
    keyboard.setRawMode(true)
    keyboard.on('data', onData)
    keyboard.resume()
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
  })
}

/** Without the last character of UTF-8. */
function withoutLast(bytes: readonly number[]): number[] {
  const last = bytes.findLastIndex((byte) => byte < 0x80 || byte >= 0xc0)
  return bytes.slice(0, Math.max(0, last))
}
