import type { ByteText } from './bytes.ts'

const HEX = /^[0-9a-fA-F]{2}$/

/**
 * Undoes |XX as VMware's reader does: "|" and two hex digits are that byte. Otherwise the bytes looked at are literal,
 * and the one that broke the escape is not looked at again, so "||22" stays "||22".
 */
export function unescapeValue(text: ByteText): ByteText {
  if (!text.includes('|')) return text
  let plain = ''
  for (let i = 0; i < text.length; ) {
    const char = text.charAt(i)
    const digits = text.slice(i + 1, i + 3)
    if (char !== '|') {
      plain += char
      i += 1
    } else if (HEX.test(digits)) {
      plain += String.fromCharCode(Number.parseInt(digits, 16))
      i += 3
    } else {
      const literal = /^[0-9a-fA-F]/.test(digits) ? 3 : 2
      plain += text.slice(i, i + literal)
      i += literal
    }
  }
  return plain
}

/** Writes control bytes except TAB, double quotes, bars and DEL as |XX, as VMware does. */
export function escapeValue(text: ByteText): ByteText {
  return text.replace(
    /[\0-\x08\x0a-\x1f"|\x7f]/g,
    (char) => `|${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}
