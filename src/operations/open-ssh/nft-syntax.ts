import type { ByteText } from '../../formats/bytes.ts'

/** One statement of a ruleset: its words, braces and commas among them; strings keep their quotes. */
export interface NftStatement {
  readonly words: readonly string[]
  readonly start: number
  readonly end: number
  /** What a table or a chain holds. */
  readonly block?: NftBlock
}

export interface NftBlock {
  readonly statements: readonly NftStatement[]
  /** Offset of its closing brace. */
  readonly close: number
}

interface Token {
  /** A line end is "\n". */
  readonly text: string
  readonly start: number
  readonly end: number
}

/** What can stand in a table and has a block of its own, which is not looked into. */
const OBJECTS = /^(set|map|flowtable|counter|quota|limit|secmark|synproxy|ct)$/

/** Reads a ruleset of nft(8); undefined if its braces or quotes do not close. */
export function parseNft(text: ByteText): readonly NftStatement[] | undefined {
  const all = tokensOf(text)
  if (all === undefined) return undefined
  const tokens: readonly Token[] = all
  let at = 0

  function block(level: 'top' | 'table' | 'chain'): NftBlock | undefined {
    const statements: NftStatement[] = []
    for (;;) {
      const token = tokens[at]
      if (token === undefined) return level === 'top' ? { statements, close: text.length } : undefined
      if (token.text === '}') return level === 'top' ? undefined : { statements, close: token.start }
      if (token.text === ';' || token.text === '\n') at++
      else {
        const found = statement(level)
        if (found === undefined) return undefined
        statements.push(found)
      }
    }
  }

  function statement(level: 'top' | 'table' | 'chain'): NftStatement | undefined {
    const words: string[] = []
    const { start } = tokens[at] as Token
    let end = start
    let depth = 0
    for (;;) {
      const token = tokens[at]
      if (token === undefined) return depth > 0 ? undefined : { words, start, end }
      if (depth === 0 && /^[;\n}]$/.test(token.text)) return { words, start, end }
      const inner = token.text === '{' && depth === 0 ? levelIn(level, words) : undefined
      if (inner !== undefined) {
        at++
        const held = block(inner)
        if (held === undefined) return undefined
        at++
        return { words, start, end: held.close + 1, block: held }
      }
      if (token.text === '{') depth++
      if (token.text === '}') depth--
      if (token.text !== '\n') words.push(token.text)
      end = token.end
      at++
      if (level === 'table' && depth === 0 && token.text === '}' && OBJECTS.test(words[0] ?? ''))
        return { words, start, end }
    }
  }

  return block('top')?.statements
}

function levelIn(level: string, [word]: readonly string[]): 'table' | 'chain' | undefined {
  if (level === 'top' && word === 'table') return 'table'
  return level === 'table' && word === 'chain' ? 'chain' : undefined
}

const TOKEN = /[ \t\r]+|\\\r?\n|#[^\n]*|(\n)|("[^"\n]*")|([{};,])|([^\s{};,"#]+)|(")/g

function tokensOf(text: ByteText): Token[] | undefined {
  const tokens: Token[] = []
  for (const match of text.matchAll(TOKEN)) {
    const [, feed, quoted, mark, word, open] = match
    if (open !== undefined) return undefined
    const found = feed ?? quoted ?? mark ?? word
    if (found !== undefined) tokens.push({ text: found, start: match.index, end: match.index + found.length })
  }
  return tokens
}
