import type { Verdict } from './verdict.ts'

/** One rule of a table: "-A INPUT -p tcp --dport 22 -j ACCEPT". */
export interface Rule {
  readonly chain: string
  /** What stands behind the chain, quotes taken away. */
  readonly words: readonly string[]
  /** Number of its line, from 0. */
  readonly line: number
}

const MODULES = /^(tcp|state|conntrack|multiport|comment|addrtype)$/
/** Headers that the packets of a usual connection do not have. */
const HEADERS = /^(rt|frag|ah|esp|mh)$/
/** What tells senders apart, by their address or by how often they come. */
const SENDERS = /^(recent|hashlimit|connlimit|geoip|set|iprange|mac)$/
const BLOCKING = /^(DROP|REJECT|TARPIT|QUEUE|NFQUEUE|STEAL|CHAOS|DELUDE|SYNPROXY)$/
const EVERYBODY = /^(0\.0\.0\.0\/0(\.0\.0\.0)?|::\/0)$/

/** Reads a rule; undefined if the line is none. Counters before it are passed over. */
export function readRule(text: string, line: number): Rule | undefined {
  const [, chain, rest] = /^\s*(?:\[\d+:\d+\]\s*)?(?:-A|--append)\s+(\S+)(.*)$/.exec(text) ?? []
  if (chain === undefined || rest === undefined) return undefined
  const words = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  )
  return { chain, words, line }
}

/** What a rule does to new TCP connections to a port. */
export function judge({ words }: Rule, port: number): Verdict {
  let meets: Verdict['meets'] = 'all'
  let effect: Verdict['effect'] = 'none'
  const narrow = (answer: Verdict['meets']): void => {
    if (answer === 'none' || (answer === 'maybe' && meets === 'all')) meets = answer
  }
  for (let at = 0, negated = false; at < words.length; at++) {
    const word = words[at] as string
    if (word === '!') {
      negated = true
      continue
    }
    const test = TESTS[word]
    // As it was written before iptables 1.4.3: "-s ! 10.0.0.1".
    if (test !== undefined && words[at + 1] === '!') {
      negated = true
      at++
    }
    const value = words[at + 1] ?? ''
    if (test !== undefined) {
      const answer = test(value, port)
      narrow(negated ? NEGATED[answer] : answer)
      at++
    } else if (/^(-j|--jump|-g|--goto)$/.test(word)) {
      effect = effectOf(value)
      // What follows are the target's own words.
      if (effect === 'block' || effect === 'none') break
      at++
    } else if (word === '-m' || word === '--match') {
      narrow(MODULES.test(value) ? 'all' : SENDERS.test(value) || HEADERS.test(value) ? 'none' : 'maybe')
      at++
    } else if (word === '--comment') at++
    else if (word === '--syn') narrow(negated ? 'none' : 'all')
    else narrow('maybe')
    negated = false
  }
  return { effect, meets }
}

const NEGATED = { all: 'none', none: 'all', maybe: 'maybe' } as const

function effectOf(target: string): Verdict['effect'] {
  if (target === 'ACCEPT') return 'accept'
  if (target === 'RETURN') return 'return'
  return BLOCKING.test(target) ? 'block' : { chain: target }
}

type Test = (value: string, port: number) => Verdict['meets']

const protocol: Test = (value) => (/^(tcp|6|all|0)$/i.test(value) ? 'all' : 'none')
const source: Test = (value) => (EVERYBODY.test(value) ? 'all' : 'none')
const anywhere: Test = (value) => (EVERYBODY.test(value) ? 'all' : 'maybe')
const incoming: Test = (value) => (value === 'lo' ? 'none' : 'maybe')
const state: Test = (value) => (value.toUpperCase().split(',').includes('NEW') ? 'all' : 'none')
/** Connections to this guest. */
const kind: Test = (value) => (value.toUpperCase().split(',').includes('LOCAL') ? 'all' : 'none')
const ports: Test = (value, port) => {
  const answers = value.split(',').map((part) => portIn(part, port))
  return answers.includes('all') ? 'all' : answers.includes('maybe') ? 'maybe' : 'none'
}

function portIn(part: string, port: number): Verdict['meets'] {
  if (part === 'ssh') return port === 22 ? 'all' : 'none'
  const [, low, high = low] = /^(\d+)(?::(\d+))?$/.exec(part) ?? []
  // Another name is not 22.
  if (low === undefined) return port === 22 && /^[a-z][\w-]*$/i.test(part) ? 'none' : 'maybe'
  return Number(low) <= port && port <= Number(high) ? 'all' : 'none'
}

const TESTS: Readonly<Record<string, Test>> = {
  '-p': protocol,
  '--protocol': protocol,
  '-s': source,
  '--source': source,
  '--src': source,
  '-d': anywhere,
  '--destination': anywhere,
  '--dst': anywhere,
  '-i': incoming,
  '--in-interface': incoming,
  '--dport': ports,
  '--dports': ports,
  '--destination-port': ports,
  '--destination-ports': ports,
  '--state': state,
  '--ctstate': state,
  '--dst-type': kind,
}
