import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { openPort } from '../../../src/operations/open-ssh/iptables-rules.ts'

const HEAD = '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n'
const ESTABLISHED = '-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\n'
const REJECT = '-A INPUT -j REJECT --reject-with icmp-host-prohibited\n'
const END = 'COMMIT\n'
const RULE = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n'
const drop = HEAD.replace('INPUT ACCEPT', 'INPUT DROP')

describe('a rule is written', () => {
  it.each([
    [
      'before what rejects everybody, for new connections, as the file knows states',
      `${HEAD}${ESTABLISHED}-A INPUT -i lo -j ACCEPT\n${REJECT}${END}`,
      `${HEAD}${ESTABLISHED}-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -m state --state NEW -j ACCEPT\n${REJECT}${END}`,
    ],
    [
      'by conntrack where the file says so',
      `${drop}-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n${END}`,
      `${drop}-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT\n${END}`,
    ],
    ['in a chain without rules whose policy drops', drop + END, drop + RULE + END],
    [
      'for all packets where none are let in as established',
      `${HEAD}${REJECT}${END}`,
      HEAD + RULE + REJECT + END,
    ],
    [
      'before the chain that rejects',
      `${HEAD}:RH - [0:0]\n-A INPUT -j RH\n-A RH -p icmp -j ACCEPT\n-A RH -j REJECT\n${END}`,
      `${HEAD}:RH - [0:0]\n${RULE}-A INPUT -j RH\n-A RH -p icmp -j ACCEPT\n-A RH -j REJECT\n${END}`,
    ],
    [
      'behind a list of certain senders',
      `${drop}-A INPUT -s 192.0.2.1/32 -j DROP\n-A INPUT -m set --match-set bad src -j DROP\n${END}`,
      `${drop}-A INPUT -s 192.0.2.1/32 -j DROP\n-A INPUT -m set --match-set bad src -j DROP\n${RULE}${END}`,
    ],
    [
      'where SSH is let in on one interface only',
      `${drop}-A INPUT -i eth1 -p tcp --dport 22 -j ACCEPT\n${END}`,
      `${drop}-A INPUT -i eth1 -p tcp --dport 22 -j ACCEPT\n${RULE}${END}`,
    ],
    [
      'before a rule that drops SSH itself, with counters',
      `${HEAD}[1:60] -A INPUT -p tcp -m multiport --dports 21:23 -j DROP\n${END}`,
      `${HEAD}${RULE}[1:60] -A INPUT -p tcp -m multiport --dports 21:23 -j DROP\n${END}`,
    ],
    [
      'in the filter table alone',
      `*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j DROP\n${END}# two\n${drop}${END}`,
      `*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j DROP\n${END}# two\n${drop}${RULE}${END}`,
    ],
    [
      'with CRLF where the file has it',
      (drop + END).replaceAll('\n', '\r\n'),
      (drop + RULE + END).replaceAll('\n', '\r\n'),
    ],
  ])('%s', (_, before, after) => {
    expect(openPort(before, 22)).toBe(after)
    expect(openPort(after, 22)).toBe(after)
  })
})

describe('nothing is written', () => {
  it.each([
    ['where nothing is dropped', HEAD + END],
    [
      'where SSH is let in',
      `${drop}-A INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT\n${END}`,
    ],
    [
      'where it is among several ports',
      `${drop}-A INPUT -p tcp -m multiport --dports 80,ssh -j ACCEPT\n${END}`,
    ],
    [
      'where it is in a chain',
      `${drop}:IN - [0:0]\n-A INPUT -j IN\n-A IN -p tcp --dport 22 -j ACCEPT\n${END}`,
    ],
    ['where everything is let in first', `${HEAD}-A INPUT -j ACCEPT\n${REJECT}${END}`],
    [
      'for what drops others',
      `${HEAD}-A INPUT -p udp -j DROP\n-A INPUT -p tcp --dport 23 -j DROP\n-A INPUT -m state --state INVALID -j DROP\n${END}`,
    ],
    [
      'for those that come too often',
      `${HEAD}-A INPUT -p tcp --dport 22 -m recent --update --seconds 60 --hitcount 4 -j DROP\n${END}`,
    ],
    [
      'for chains that turn senders away',
      `${HEAD}:f2b - [0:0]\n-A INPUT -p tcp --dport 22 -j f2b\n-A f2b -s 192.0.2.1 -j REJECT\n-A f2b -j RETURN\n${END}`,
    ],
    ['for the old way to write "not"', `${HEAD}-A INPUT -p ! tcp -j DROP\n-A INPUT -i lo -j DROP\n${END}`],
    ['without a filter table', '*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n'],
    ['in an empty file', ''],
  ])('%s', (_, text) => {
    expect(openPort(text, 22)).toBe(text)
  })

  it.each([
    ['a table without its end', HEAD],
    ['commands of another kind', `${HEAD}-I INPUT -j DROP\n${END}`],
  ])('in %s, and it is said', (_, text) => {
    expect(openPort(text, 22)).toBeUndefined()
  })
})

const word = fc.constantFrom(
  '-p tcp',
  '-p udp',
  '! -p tcp',
  '-s 192.0.2.0/24',
  '-i lo',
  '-i eth0',
  '-m tcp --dport 22',
  '--dport 80',
  '-m state --state NEW',
  '-m state --state ESTABLISHED',
  '-m limit --limit 3/min',
  '-m comment --comment "-j DROP"',
  '-d 192.0.2.1',
)
const target = fc.constantFrom('ACCEPT', 'DROP', 'REJECT', 'RETURN', 'LOG', 'ONE', 'TWO')
const chain = fc.constantFrom('INPUT', 'INPUT', 'ONE', 'TWO', 'OUTPUT')
const rule = fc
  .tuple(chain, fc.array(word, { maxLength: 3 }), target)
  .map(([name, words, to]) => `-A ${name} ${words.join(' ')} -j ${to}\n`)

test.prop(
  [fc.array(rule, { maxLength: 8 }), fc.constantFrom('ACCEPT', 'DROP'), fc.constantFrom(22, 80, 2222)],
  { numRuns: 2000 },
)('any rules get one more line at most, once', (rules, policy, port) => {
  const text = `*filter\n:INPUT ${policy} [0:0]\n:OUTPUT ACCEPT [0:0]\n:ONE - [0:0]\n:TWO - [0:0]\n${rules.join('')}COMMIT\n`
  const once = openPort(text, port) ?? ''
  expect(openPort(once, port)).toBe(once)
  const added = `-A INPUT -p tcp -m tcp --dport ${port} `
  const [before, after] = [text.split('\n'), once.split('\n')]
  const at = after.findIndex((line, index) => line !== before[index])
  if (once !== text) expect(after[at]).toContain(added)
  expect(once === text ? after : after.toSpliced(at, 1)).toEqual(before)
})

test.prop([fc.string({ unit: 'binary' })])('anything else is left', (text) => {
  expect(openPort(text, 22) ?? text).toBe(text)
})
