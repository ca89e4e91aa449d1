/**
 * C0, DEL and C1 controls, invisible and bidirectional format characters, line separators, and halves of surrogate pairs:
 * what a terminal would obey, or what would make text look like other text.
 */
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu

/** Text of a guest or a file as it may go to a terminal, on one line: what is unseen becomes "\x1b" or "\u202e". */
export function visible(text: string): string {
  return text.replace(UNSEEN, written)
}

/** The same for a line of a file: tabs stay. */
export function visibleLine(line: string): string {
  return line.replace(UNSEEN, (char) => (char === '\t' ? char : written(char)))
}

function written(char: string): string {
  const code = char.codePointAt(0) ?? 0
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}
