import type { ByteText } from './bytes.ts'

/**
 * Line, from 1, of the first quote, bracket or backtick that nothing ends, or of a here-document; undefined if a shell finds
 * the end of all. Behind an open one a shell reads nothing as it stands.
 */
export function openLine(text: ByteText): number | undefined {
  const open: number[] = []
  let at = 0
  while (at < text.length) {
    const char = text.charAt(at)
    const end = skipped(text, at)
    if (end === undefined) return lineAt(text, at)
    if (end === at) {
      if (char === '(') open.push(at)
      else if (char === ')') open.pop()
      at++
    } else at = end
  }
  return open[0] === undefined ? undefined : lineAt(text, open[0])
}

/** Offset behind the comment, escape or quoted part that begins here, `at` if none does, undefined if it has no end. */
function skipped(text: ByteText, at: number): number | undefined {
  const char = text.charAt(at)
  if (char === '\\') return at + 1 < text.length ? at + 2 : undefined
  if (char === '#' && (at === 0 || /[\s;&|()<>]/.test(text.charAt(at - 1)))) {
    const end = text.indexOf('\n', at)
    return end < 0 ? text.length : end
  }
  if (text.startsWith('<<', at)) return text.startsWith('<<<', at) ? at + 3 : undefined
  if (!/["'`]/.test(char)) return at
  const escapes = char !== "'" || text.charAt(at - 1) === '$'
  for (let end = at + 1; end < text.length; end++) {
    if (escapes && text.charAt(end) === '\\') end++
    else if (text.charAt(end) === char) return end + 1
  }
  return undefined
}

function lineAt(text: ByteText, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
