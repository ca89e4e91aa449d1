import { type ByteText, toByteText } from '../formats/bytes.ts'

/** Controls, separators and marks that reorder or hide text: what a terminal would obey instead of showing. */
const UNSEEN =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu

/** Most lines are so plain that nothing of them is to be replaced. */
const PLAIN = /^[\t\x20-\x7e]*$/

const PLAIN_LINES = /^[\t\n\x20-\x7e]*$/

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Byte text for display: UTF-8 decoded, bytes that are none as \xHH, controls as their pictures (␛, ␍) or \u{…}. Nothing in it moves
 * a cursor or hides text.
 */
export function visibleText(text: ByteText): string {
  if (PLAIN.test(text)) return text
  return text.replace(/[\x80-\xff]+/g, decoded).replace(UNSEEN, (char) => {
    const code = char.codePointAt(0) as number
    if (code < 0x20) return String.fromCodePoint(0x2400 + code)
    return code === 0x7f ? '␡' : `\\u{${code.toString(16)}}`
  })
}

/** The same of a path, or another text that is no byte text. */
export function visibleName(name: string): string {
  return PLAIN.test(name) ? name : visibleText(toByteText(Buffer.from(name, 'utf8')))
}

/** True for lines of which nothing is to be replaced. */
export function isPlain(text: ByteText): boolean {
  return PLAIN_LINES.test(text)
}

/** True for what is worth showing as text: no NUL, hardly any controls. Any encoding that extends ASCII passes. */
export function isText(text: ByteText): boolean {
  if (text.includes('\0')) return false
  const controls = text.match(/[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]/g)?.length ?? 0
  return controls <= text.length / 50
}

function decoded(bytes: ByteText): string {
  const buffer = Buffer.from(bytes, 'latin1')
  try {
    return STRICT.decode(buffer)
  } catch {
    return bytes.replace(SEQUENCE, (part) => {
      try {
        return STRICT.decode(Buffer.from(part, 'latin1'))
      } catch {
        return part.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
      }
    })
  }
}

/** One UTF-8 sequence by its lead byte, or a single stray byte. */
const SEQUENCE = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xff]/g
