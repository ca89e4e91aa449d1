import { judgeNft } from './nft-rule.ts'
import type { ChainPart, Ruleset } from './nft-ruleset.ts'
import type { NftStatement } from './nft-syntax.ts'
import { follow } from './verdict.ts'

/** Where a rule is to be written: before a statement, or before the brace that ends a chain. */
export interface Place {
  readonly file: string
  readonly offset: number
  /** The statement before which it stands is the brace of the chain's end. */
  readonly last: boolean
}

interface Placed {
  readonly statement: NftStatement
  readonly file: string
}

const FAMILIES = /^(inet|ip|ip6) /

/** The first place where a rule is lacking that lets new TCP connections to a port in; undefined if none is. */
export function lackingPlace({ chains, sets }: Ruleset, port: number): Place | undefined {
  for (const [table, own] of chains) {
    if (!FAMILIES.test(table)) continue
    const judged = (parts: readonly ChainPart[]) =>
      rulesOf(parts).map(({ statement }) =>
        judgeNft(statement.words, port, (name) => sets.get(`${table} ${name}`)),
      )
    const chainOf = (name: string) => {
      const parts = own.get(name)
      return parts && judged(parts)
    }
    for (const parts of own.values()) {
      const words = parts.flatMap(({ block }) => block.statements.map((one) => one.words.join(' ')))
      if (!words.some((line) => /^type filter hook input\b/.test(line))) continue
      const policy =
        words.findLast((line) => line.startsWith('policy ')) === 'policy drop' ? 'drop' : 'accept'
      const outcome = follow(judged(parts), chainOf, policy)
      if (outcome.kind === 'open') continue
      if (outcome.kind === 'blocked') {
        const found = rulesOf(parts)[outcome.index] as Placed
        return { file: found.file, offset: found.statement.start, last: false }
      }
      const end = parts.at(-1) as ChainPart
      if (policy === 'drop') return { file: end.file, offset: end.block.close, last: true }
    }
  }
  return undefined
}

function rulesOf(parts: readonly ChainPart[]): Placed[] {
  return parts.flatMap(({ file, block }) =>
    block.statements
      .filter(({ words }) => !/^(type|policy|comment|devices?)$/.test(words[0] ?? ''))
      .map((statement) => ({ file, statement })),
  )
}
