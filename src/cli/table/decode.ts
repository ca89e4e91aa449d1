/** Why bytes are no text of a table: where, and what to do. */
export interface DecodeFault {
  readonly line: number
  readonly message: string
  readonly hint: string
}

const EXPORT = 'Export it as CSV in UTF-8 (in Excel: "CSV UTF-8 (Comma delimited)").'

/** The text of a table, every line end as "\n", or why it cannot be read. */
export function decodeTable(bytes: Uint8Array): { readonly text: string } | { readonly fault: DecodeFault } {
  const alien = alienFormat(bytes)
  if (alien !== undefined) return { fault: { line: 1, message: alien, hint: EXPORT } }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { text: text.replace(/\r\n?/g, '\n') }
  } catch {
    return { fault: { line: brokenLine(bytes), message: 'is not UTF-8 text', hint: EXPORT } }
  }
}

function alienFormat(bytes: Uint8Array): string | undefined {
  const [a, b, c] = bytes
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return 'the table is UTF-16 text, not UTF-8'
  if (a === 0x50 && b === 0x4b && (c === 3 || c === 5)) return 'the table is a spreadsheet file, not CSV'
  if (a === 0xd0 && b === 0xcf) return 'the table is an old spreadsheet file, not CSV'
  if (bytes.includes(0)) return 'the table holds NUL bytes, as UTF-16 text or a binary file does'
  return undefined
}

/** The first line, from 1, that is not UTF-8. No byte of a longer character is a line feed. */
function brokenLine(bytes: Uint8Array): number {
  const strict = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(0x0a, start)
    const end = feed < 0 ? bytes.length : feed
    try {
      strict.decode(bytes.subarray(start, end))
    } catch {
      return line
    }
    start = end + 1
  }
  return line
}
