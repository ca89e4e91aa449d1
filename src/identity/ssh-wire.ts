// How SSH writes data: RFC 4251, section 5.

/** A length of four bytes, then the bytes; text as UTF-8. */
export function wireString(content: string | Uint8Array): Buffer {
  const data = typeof content === 'string' ? Buffer.from(content) : content
  return Buffer.concat([wireUint32(data.length), data])
}

/** A positive number of any size, given big-endian; in the shortest form, with a zero in front where the sign bit is set. */
export function wireNumber(bigEndian: Uint8Array): Buffer {
  const start = bigEndian.findIndex((byte) => byte !== 0)
  const digits = start < 0 ? new Uint8Array() : bigEndian.subarray(start)
  return wireString((digits[0] ?? 0) < 0x80 ? digits : Buffer.concat([Uint8Array.of(0), digits]))
}

/** Four bytes, big-endian. */
export function wireUint32(value: number): Buffer {
  const field = Buffer.alloc(4)
  field.writeUInt32BE(value)
  return field
}
