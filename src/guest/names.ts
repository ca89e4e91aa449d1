const REPLACEMENT = '\ufffd'
const LONE = /\p{Surrogate}/u
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * A file name or path as text. Bytes that are not UTF-8 become lone surrogates U+DC80 to U+DCFF (as Python's
 * surrogateescape does), so that every name has a text of its own and encodeName() gives its bytes back.
 */
export function decodeName(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return decodeMixed(Buffer.from(bytes))
  }
}

/** The bytes of a name made by decodeName(). */
export function encodeName(name: string): Buffer {
  if (!LONE.test(name)) return Buffer.from(name, 'utf8')
  const parts = name.split(/([\udc80-\udcff])/u).map((part) => {
    const code = part.charCodeAt(0)
    return part.length === 1 && code >= 0xdc80 && code <= 0xdcff
      ? Buffer.of(code - 0xdc00)
      : Buffer.from(part, 'utf8')
  })
  return Buffer.concat(parts)
}

function decodeMixed(bytes: Buffer): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    text += length
      ? bytes.toString('utf8', at, at + length)
      : String.fromCharCode(0xdc00 + (bytes[at] as number))
    at += length || 1
  }
  return text
}

/** Length of the valid UTF-8 sequence at this place; 0 if there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    const slice = bytes.subarray(at, at + length)
    const text = slice.toString('utf8')
    if (!text.includes(REPLACEMENT) || slice.equals(Buffer.from(REPLACEMENT))) return length
  }
  return 0
}
