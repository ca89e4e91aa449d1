import type { Verdict } from './verdict.ts'

/** The elements of a named set; undefined if they are not known. */
export type Sets = (name: string) => readonly string[] | undefined

const VERDICTS = /^(accept|drop|reject|jump|goto|return|queue)$/
const STATES = /^(new|established|related|invalid|untracked)$/
const NEGATED = { all: 'none', none: 'all', maybe: 'maybe' } as const

/** What a rule of a chain does to new TCP connections to a port. */
export function judgeNft(words: readonly string[], port: number, sets: Sets): Verdict {
  const rule = withoutRemarks(words)
  const map = rule.indexOf('vmap')
  if (map >= 0) return judgeMap(rule, map)
  const at = rule.findIndex((word) => VERDICTS.test(word))
  if (at < 0) return { effect: 'none', meets: 'maybe' }
  const word = rule[at] as string
  const effect =
    word === 'accept' || word === 'return'
      ? word
      : word === 'jump' || word === 'goto'
        ? { chain: rule[at + 1] ?? '' }
        : 'block'
  return { effect, meets: meets(rule.slice(0, at), port, sets) }
}

/** A map by the state of a connection does nothing to new ones that it does not name. */
function judgeMap(rule: readonly string[], map: number): Verdict {
  const states = rule.slice(map + 1).flatMap((word) => word.split(':'))
  const passes = rule.slice(0, map).join(' ') === 'ct state' && states[0] === '{' && !states.includes('new')
  return { effect: 'block', meets: passes ? 'none' : 'maybe' }
}

/** Without what only counts, logs and explains. */
function withoutRemarks(words: readonly string[]): string[] {
  const kept: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    if (word === 'comment') at++
    else if (word === 'counter' && words[at + 1] === 'packets') at += 4
    else if (word === 'log')
      while (/^(prefix|level|group|snaplen|queue-threshold|flags)$/.test(words[at + 1] ?? '')) at += 2
    else if (word !== 'counter') kept.push(word)
  }
  return kept
}

/** Whose connections all these conditions meet. */
function meets(conditions: readonly string[], port: number, sets: Sets): Verdict['meets'] {
  let answer: Verdict['meets'] = 'all'
  for (let at = 0; at < conditions.length; ) {
    const { length, found } = condition(conditions.slice(at), port, sets)
    if (found === 'none') return 'none'
    if (found === 'maybe') answer = 'maybe'
    at += length
  }
  return answer
}

interface Condition {
  /** Words that it takes. */
  readonly length: number
  readonly found: Verdict['meets']
}

function condition(words: readonly string[], port: number, sets: Sets): Condition {
  const [first = '', second = ''] = words
  const key = first === 'meta' ? second : first
  const head = first === 'meta' ? 2 : 1
  if (/^(udp|udplite|icmp|icmpv6|sctp|dccp|igmp|esp|ah|comp|arp|ether|vlan)$/.test(first))
    return { length: words.length, found: 'none' }
  if (first === 'tcp' && second !== 'dport') return { length: words.length, found: 'maybe' }
  const name = /^(tcp|th|ct|ip|ip6)$/.test(first) ? `${first} ${second}` : key
  const after = words.slice(/^(tcp|th|ct|ip|ip6)$/.test(first) ? 2 : head)
  const { negated, values, length } = valuesOf(after, sets)
  const test = TESTS[name]
  if (test === undefined || values === undefined) return { length: words.length, found: 'maybe' }
  const found = test(values, port)
  return { length: words.length - after.length + length, found: negated ? NEGATED[found] : found }
}

/** The values behind a condition: a word, words with commas, a set in braces, a named set. */
function valuesOf(
  words: readonly string[],
  sets: Sets,
): { negated: boolean; values: readonly string[] | undefined; length: number } {
  const operator = /^(!=|==)$/.test(words[0] ?? '') ? 1 : 0
  const rest = words.slice(operator)
  const negated = words[0] === '!='
  const [first = ''] = rest
  if (first === '{') {
    const close = rest.indexOf('}')
    const values = rest.slice(1, close).filter((word) => word !== ',')
    return { negated, values: close < 0 ? undefined : values, length: operator + close + 1 }
  }
  if (first.startsWith('@')) return { negated, values: sets(first.slice(1)), length: operator + 1 }
  let length = 1
  while (rest[length] === ',') length += 2
  const values = rest.slice(0, length).filter((word) => word !== ',')
  return { negated, values, length: operator + length }
}

type Test = (values: readonly string[], port: number) => Verdict['meets']

const ports: Test = (values, port) => {
  const answers = values.map((value) => {
    const [, low, high = low] = /^(\d+)(?:-(\d+))?$/.exec(value) ?? []
    if (low !== undefined) return Number(low) <= port && port <= Number(high) ? 'all' : 'none'
    if (value === 'ssh') return port === 22 ? 'all' : 'none'
    // Another name is not 22.
    return port === 22 && /^[a-z][\w-]*$/.test(value) ? 'none' : 'maybe'
  })
  return answers.includes('all') ? 'all' : answers.includes('maybe') ? 'maybe' : 'none'
}
const protocol: Test = (values) => {
  if (values.some((value) => /^(tcp|6)$/.test(value))) return 'all'
  return values.every((value) => /^[a-z][\w-]*$/.test(value)) ? 'none' : 'maybe'
}
const incoming: Test = (values) => (values.every((value) => /^"?lo"?$/.test(value)) ? 'none' : 'maybe')
const state: Test = (values) => {
  if (values.includes('new')) return 'all'
  return values.every((value) => STATES.test(value)) ? 'none' : 'maybe'
}
/** A rule for certain senders is nobody's. */
const source: Test = () => 'none'

const TESTS: Readonly<Record<string, Test>> = {
  'tcp dport': ports,
  'th dport': ports,
  'ip protocol': protocol,
  'ip6 nexthdr': protocol,
  l4proto: protocol,
  'ct state': state,
  'ip saddr': source,
  'ip6 saddr': source,
  iif: incoming,
  iifname: incoming,
}
