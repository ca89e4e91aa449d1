/** By bytes whose maker knows it. */
const known = new WeakMap<Uint8Array, number>()

/**
 * The same bytes, of which it is known how many line feeds are in them: nobody has to count them in thousands of long texts that are
 * made of the same lines.
 */
export function withLineFeeds(bytes: Uint8Array, count: number): Uint8Array {
  known.set(bytes, count)
  return bytes
}

/** Number of line feeds in bytes. */
export function lineFeedsIn(bytes: Uint8Array): number {
  const found = known.get(bytes)
  if (found !== undefined) return found
  let count = 0
  for (const byte of bytes) if (byte === LF) count++
  return count
}

const LF = 10
