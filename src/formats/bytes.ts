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
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

/** True if both hold the same bytes. */
export function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === b || a === undefined || b === undefined) return a === b
  return a.length === b.length && Buffer.compare(a, b) === 0
}
