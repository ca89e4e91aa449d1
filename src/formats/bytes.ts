/**
 * Text of unknown encoding, held as one character per byte (latin1): every byte survives, ASCII can be read and
 * edited in place, and nothing is ever decoded and encoded again.
 */
export type ByteText = string

/** Bytes as byte text. */
export function toByteText(bytes: Uint8Array): ByteText {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** Byte text as bytes. */
export function fromByteText(text: ByteText): Uint8Array {
  const buffer = Buffer.from(text, 'latin1')
  // A short one lies in a block of memory that it shares with others, and would keep it whole.
  const shared = buffer.buffer.byteLength !== buffer.length
  return shared ? new Uint8Array(buffer) : new Uint8Array(buffer.buffer, 0, buffer.length)
}

/** True if both hold the same bytes. */
export function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === b || a === undefined || b === undefined) return a === b
  return a.length === b.length && Buffer.compare(a, b) === 0
}
