const LF = 10

/** How many are in bytes whose maker knows it. */
const known = new WeakMap<Uint8Array, number>()

/** The same bytes. Where thousands of long texts are made of the same lines, nobody has to count them in each. */
export function withLineFeeds(bytes: Uint8Array, count: number): Uint8Array {
  known.set(bytes, count)
  return bytes
}

/** Number of line feeds from one offset to another. */
export function lineFeedsIn(bytes: Uint8Array, from = 0, to: number = bytes.length): number {
  const all = known.get(bytes)
  if (all === undefined || 2 * (to - from) < bytes.length) return counted(bytes, from, to)
  return all - counted(bytes, 0, from) - counted(bytes, to, bytes.length)
}

function counted(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  for (let at = bytes.indexOf(LF, from); at >= 0 && at < to; at = bytes.indexOf(LF, at + 1)) count++
  return count
}
