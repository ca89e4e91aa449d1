import { CsvError, type Options, parse } from 'csv-parse/sync'

/** One row of a table, its cells without blanks around them. */
export interface TableRecord {
  /** Its first line, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** What is wrong with the quotes of a row. */
export interface QuoteFault {
  readonly line: number
  /** Index of the cell. */
  readonly cell: number
  readonly message: string
  readonly hint: string
}

/** Broken quotes can swallow any number of lines, so that little can be said of what follows many of them. */
const QUOTE_FAULTS = 20

/**
 * The rows that hold anything, as RFC 4180 has it; lines that begin with "#" are comments. `lines` are the table's. The
 * separator is the one that the header has most of: comma, semicolon or tab; a line "sep=;" above it is passed over.
 */
export function readRecords(lines: readonly string[]): { records: TableRecord[]; faults: QuoteFault[] } {
  const records: TableRecord[] = []
  const faults: QuoteFault[] = []
  const marked = /^sep=(.)$/i.exec(lines[0] ?? '')?.[1]
  const separator = marked ?? separatorOf(lines.find((line) => !/^\s*(#|$)/.test(line)) ?? '')
  let next = marked === undefined ? 0 : 1
  while (next < lines.length && faults.length < QUOTE_FAULTS) {
    const start = next
    let end = start
    try {
      parse(lines.slice(start).join('\n'), {
        ...RULES,
        delimiter: separator,
        on_record: (cells: string[], context) => {
          end = start + context.lines
          if (isBlank(cells)) return undefined
          const inner = cells.reduce((sum, cell) => sum + breaksIn(cell), 0)
          records.push({ line: end - inner, cells })
          return undefined
        },
      })
      break
    } catch (thrown) {
      if (!(thrown instanceof CsvError)) throw thrown
      while (/^(#|\s*$)/.test(lines[end] ?? '.')) end++
      const [message, hint] = QUOTES[thrown.code] ?? [thrown.message, DOUBLED]
      faults.push({ line: end + 1, cell: Number(thrown.column), message, hint })
      next = end + 1
    }
  }
  return { records, faults }
}

const RULES = {
  comment: '#',
  comment_no_infix: true,
  relax_column_count: true,
  record_delimiter: '\n',
  trim: true,
} as const satisfies Options

const DOUBLED = 'Put the whole cell in quotes, and double each quote in it: "a ""b"" c".'

const QUOTES: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  INVALID_OPENING_QUOTE: ['has a quote in the middle of a cell', DOUBLED],
  CSV_INVALID_CLOSING_QUOTE: ['has text behind the quote that ends a cell', DOUBLED],
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: ['has text behind the quote that ends a cell', DOUBLED],
  CSV_QUOTE_NOT_CLOSED: ['opens a quote that nothing closes', 'Close it at the end of the cell.'],
}

function separatorOf(header: string): string {
  const plain = header.replace(/"[^"]*"/g, '')
  const count = (mark: string): number => plain.split(mark).length
  return [';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best), ',')
}

/** Separators only, or a comment that a spreadsheet put in quotes. */
function isBlank(cells: readonly string[]): boolean {
  return cells[0]?.startsWith('#') || cells.every((cell) => cell === '')
}

function breaksIn(cell: string): number {
  return cell.includes('\n') ? cell.split('\n').length - 1 : 0
}
