import type { ByteText } from '../../formats/bytes.ts'
import { joinLines, type Line, lineEndOf, splitLines } from '../../formats/lines.ts'
import { judge, type Rule, readRule } from './iptables-rule.ts'
import { follow, type Outcome } from './verdict.ts'

/** The table that filters, of a file as iptables-save writes it. */
interface Filter {
  readonly lines: readonly Line[]
  readonly rules: readonly Rule[]
  /** By chain: "DROP", or "-" for the guest's own. */
  readonly policies: ReadonlyMap<string, string>
  /** Number of the line behind the chains. */
  readonly start: number
}

const PLAIN = /^\s*($|#|:|\*filter|(\[\d+:\d+\]\s*)?(-A|--append)\s|(-N|--new-chain)\s)/

/**
 * The file with a rule that lets new TCP connections to a port in, where they might be turned away: before the first rule of INPUT
 * that could, or behind all where its policy would. Undefined if the file is not as iptables-save writes it.
 */
export function openPort(text: ByteText, port: number): ByteText | undefined {
  const filter = readFilter(splitLines(text))
  if (filter === 'none') return text
  if (filter === undefined) return undefined
  const { lines, rules, policies, start } = filter
  const input = rules.filter(({ chain }) => chain === 'INPUT')
  const policy = policies.get('INPUT') === 'DROP' ? 'drop' : 'accept'
  const outcome = outcomeOf(filter, 'INPUT', port, policy)
  if (outcome.kind === 'open') return text
  if (outcome.kind === 'passed' && policy === 'accept') return text
  const before = outcome.kind === 'blocked' ? input.slice(0, outcome.index) : input
  const place = (outcome.kind === 'blocked' ? input[outcome.index]?.line : undefined) ?? behind(before, start)
  const rule = {
    text: `-A INPUT -p tcp -m tcp --dport ${port}${stateOf(before)} -j ACCEPT`,
    end: lineEndOf(lines),
  }
  return joinLines(lines.toSpliced(place, 0, rule))
}

/** True if new TCP connections to a port might be turned away in this chain of such a file; undefined if it is none. */
export function turnsAway(text: ByteText, chain: string, port: number): boolean | undefined {
  const filter = readFilter(splitLines(text))
  if (filter === undefined || filter === 'none') return undefined
  return outcomeOf(filter, chain, port).kind === 'blocked'
}

function outcomeOf(
  { rules, policies }: Filter,
  chain: string,
  port: number,
  policy?: 'accept' | 'drop',
): Outcome {
  const verdictsOf = (name: string) => {
    const own = rules.filter((rule) => rule.chain === name)
    return policies.get(name) === '-' || own.length > 0 ? own.map((rule) => judge(rule, port)) : undefined
  }
  return follow(verdictsOf(chain) ?? [], verdictsOf, policy)
}

function behind(rules: readonly Rule[], start: number): number {
  const last = rules.at(-1)
  return last === undefined ? start : last.line + 1
}

/** Only new connections where those that stand are let in by a rule above, matched as that rule does it. */
function stateOf(rules: readonly Rule[]): string {
  const standing = rules.find(
    ({ words }) => words.some((word) => /(^|,)ESTABLISHED(,|$)/.test(word)) && isGeneral(words),
  )
  if (standing === undefined) return ''
  return standing.words.includes('--state') ? ' -m state --state NEW' : ' -m conntrack --ctstate NEW'
}

function isGeneral(words: readonly string[]): boolean {
  return /^(-m (state|conntrack) )?--(state|ctstate) \S+ -j ACCEPT$/.test(words.join(' '))
}

/** "none" if the file has no such table. */
function readFilter(lines: readonly Line[]): Filter | 'none' | undefined {
  const first = lines.findIndex(({ text }) => text.trim() === '*filter')
  if (first < 0) return 'none'
  const length = lines.slice(first).findIndex(({ text }) => text.trim() === 'COMMIT')
  if (length < 0) return undefined
  const own = lines.slice(0, first + length)
  if (!own.slice(first).every(({ text }) => PLAIN.test(text))) return undefined
  const policies = new Map<string, string>()
  let start = first + 1
  for (const [index, { text }] of own.entries()) {
    const [, chain, policy] = /^\s*:(\S+)\s+(\S+)/.exec(text) ?? []
    if (index < first || chain === undefined || policy === undefined) continue
    policies.set(chain, policy)
    start = index + 1
  }
  const rules = own.flatMap(({ text }, index) => (index < first ? [] : (readRule(text, index) ?? [])))
  return { lines, rules, policies, start }
}
