import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { guestFile } from '../../../src/guest/tree.ts'
import { enabled, openIn, SERVED } from '../../support/ssh-guest.ts'

const CONF = '/etc/nftables.conf'
const open = (text: string, more: Record<string, string> = {}, sshd = '') =>
  openIn([
    ...SERVED,
    enabled('nftables.service'),
    guestFile('/etc/ssh/sshd_config', sshd),
    guestFile(CONF, text),
    ...Object.entries(more).map(([path, content]) => guestFile(path, content)),
  ])

const chain = (rules: string, policy = 'drop') =>
  `#!/usr/sbin/nft -f\nflush ruleset\n\ntable inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy ${policy};\n${rules}\t}\n\tchain output {\n\t\ttype filter hook output priority 0; policy drop;\n\t}\n}\n`
const LO = '\t\tiif "lo" accept comment "own { traffic"\n\t\tct state established,related accept\n'
const RULE = '\t\ttcp dport 22 accept\n'

describe('a rule is written', () => {
  it.each([
    ['at the end of a chain whose policy drops', chain(LO), chain(LO + RULE)],
    ['in a chain without rules', chain(''), chain(RULE)],
    [
      'before what rejects everybody',
      chain(`${LO}\t\treject with icmpx type port-unreachable\n`, 'accept'),
      chain(`${LO}${RULE}\t\treject with icmpx type port-unreachable\n`, 'accept'),
    ],
    [
      'behind what drops certain senders',
      chain('\t\tip saddr { 192.0.2.1, 192.0.2.2 } drop\n'),
      chain(`\t\tip saddr { 192.0.2.1, 192.0.2.2 } drop\n${RULE}`),
    ],
    [
      'before what might drop everybody',
      chain('\t\ttcp flags syn limit rate over 5/second drop\n', 'accept'),
      chain(`${RULE}\t\ttcp flags syn limit rate over 5/second drop\n`, 'accept'),
    ],
    [
      'where only some senders may use SSH',
      chain('\t\tip saddr 10.0.0.0/8 tcp dport 22 accept\n'),
      chain(`\t\tip saddr 10.0.0.0/8 tcp dport 22 accept\n${RULE}`),
    ],
    [
      'before the jump to a chain that drops',
      chain('\t\tjump rest\n\t}\n\tchain rest {\n\t\tdrop\n', 'accept'),
      chain(`${RULE}\t\tjump rest\n\t}\n\tchain rest {\n\t\tdrop\n`, 'accept'),
    ],
    [
      'in one line',
      'table inet f { chain c { type filter hook input priority 0; policy drop; tcp dport 80 accept } }\n',
      'table inet f { chain c { type filter hook input priority 0; policy drop; tcp dport 80 accept ; tcp dport 22 accept; } }\n',
    ],
    [
      'in each chain that filters input',
      'table ip a {\n  chain i {\n    type filter hook input priority filter\n    drop\n  }\n}\ntable ip6 a {\n  chain i {\n    type filter hook input priority filter + 10; policy drop\n  }\n}\n',
      'table ip a {\n  chain i {\n    type filter hook input priority filter\n    tcp dport 22 accept\n    drop\n  }\n}\ntable ip6 a {\n  chain i {\n    type filter hook input priority filter + 10; policy drop\n    tcp dport 22 accept\n  }\n}\n',
    ],
    [
      'before a map of states that decides on new connections',
      chain('\t\tct state vmap { established : accept, new : drop }\n'),
      chain(`${RULE}\t\tct state vmap { established : accept, new : drop }\n`),
    ],
  ])('%s', (_, before, after) => {
    const { text, again, notices } = open(before)
    expect(text(CONF)).toBe(after)
    expect(again).toEqual([])
    expect(notices).toEqual([])
  })

  it('for each port that sshd listens on', () => {
    const { text } = open(chain(LO), {}, 'Port 2222\nPort 22\n')
    expect(text(CONF)).toBe(chain(`${LO}\t\ttcp dport 2222 accept\n${RULE}`))
  })

  it('for the port that systemd listens on in its place', () => {
    const drop = '/etc/systemd/system/ssh.socket.d/addresses.conf'
    const socket = '[Socket]\nListenStream=\nListenStream=0.0.0.0:2022\nListenStream=[::]:2022\n'
    const opened = openIn([
      ...SERVED,
      enabled('nftables.service'),
      enabled('ssh.socket'),
      guestFile(drop, socket),
      guestFile(CONF, chain(LO)),
    ])
    expect(opened.text(CONF)).toBe(chain(`${LO}\t\ttcp dport 2022 accept\n`))
    expect(opened.again).toEqual([])
  })

  it('in the file that holds the chain', () => {
    const part = 'table inet filter {\n\tchain input {\n\t\ttcp dport 80 accept\n\t\tdrop\n\t}\n}\n'
    const main = `${chain(LO)}include "/etc/nftables.d/*.nft"\ninclude "/etc/nftables.d/none*"\n`
    const { text, again } = open(main, { '/etc/nftables.d/web.nft': part })
    expect(text(CONF)).toBe(main)
    expect(text('/etc/nftables.d/web.nft')).toBe(part.replace('\t\tdrop', `${RULE}\t\tdrop`))
    expect(again).toEqual([])
  })
})

describe('nothing is written', () => {
  it.each([
    [
      'where SSH is let in',
      chain(`${LO}\t\ttcp dport ssh ct state new counter packets 0 bytes 0 accept comment "ssh"\n`),
    ],
    ['where it is in a set', chain('\t\ttcp dport { 80, ssh, 443 } log prefix "in: " level info accept\n')],
    ['where it is in a range', chain('\t\tmeta l4proto tcp th dport 20-25 accept\n')],
    [
      'where it is in a named set',
      chain(
        '\t\ttcp dport @in accept\n\t}\n\tset in {\n\t\ttype inet_service; elements = { 80,\n\t\t ssh }\n',
      ),
    ],
    [
      'where it is in a chain',
      chain(
        '\t\tct state vmap { established : accept, invalid : drop }\n\t\tjump in\n\t\treject\n\t}\n\tchain in {\n\t\ttcp dport 22 accept\n',
        'accept',
      ),
    ],
    [
      'where nothing is dropped',
      chain(`${LO}\t\tct state invalid drop\n\t\tudp dport 53 drop\n\t\ttcp dport != 22 drop\n`, 'accept'),
    ],
    [
      'in a table that sleeps',
      'table inet f {\n\tflags dormant\n\tchain c {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n',
    ],
    [
      'where nothing filters input',
      'table ip nat {\n\tchain p {\n\t\ttype nat hook input priority 0;\n\t\tdrop\n\t}\n}\n',
    ],
  ])('%s', (_, text) => {
    const { changes, notices } = open(text)
    expect({ changes, notices }).toEqual({ changes: [], notices: [] })
  })

  it.each([
    ['commands', 'add table inet f\nadd rule inet f c drop\n'],
    ['files that are not looked at', 'include "/opt/rules.nft"\n'],
    ['a brace that does not close', 'table inet f {\n'],
    ['a quote that does not close', 'table inet f { chain c { log prefix "x\n } }\n'],
    ['includes in a chain', 'table inet f { chain c {\n include "x"\n } }\n'],
    ['itself', `include "${CONF}"\n`],
  ])('where it holds %s, and it is said', (_, text) => {
    const { changes, codes } = open(text)
    expect({ changes, codes }).toEqual({ changes: [], codes: ['firewall-left'] })
  })

  it('where the service does not start', () => {
    const { changes, notices } = openIn([...SERVED, guestFile(CONF, chain(''))])
    expect({ changes, notices }).toEqual({ changes: [], notices: [] })
  })
})

const rule = fc.constantFrom(
  'drop',
  'accept',
  'reject',
  'return',
  'tcp dport 22 drop',
  'tcp dport { 22, 80 } accept',
  'jump one',
  'goto two',
  'ip saddr 192.0.2.1 drop',
  'ct state new accept',
  'iif lo accept',
  'counter',
  'tcp dport 1-99 ct state invalid drop',
  'ip protocol != tcp drop',
)
const rules = fc.array(rule, { maxLength: 5 })

test.prop([rules, rules, rules, fc.constantFrom('accept', 'drop'), fc.constantFrom('\n', '; ')], {
  numRuns: 1000,
})('any rules get one rule more at most, once', (input, one, two, policy, mark) => {
  const body = (list: readonly string[]) => list.map((each) => `${each}${mark}`).join('')
  const text = `table inet f { chain in { type filter hook input priority 0; policy ${policy}${mark}${body(input)}}\nchain one { ${body(one)}}\nchain two { ${body(two)}}\n}\n`
  const { text: read, again } = open(text)
  expect(again).toEqual([])
  const after = read(CONF) ?? ''
  const words = (all: string) => all.split(/[\s;]+/).join(' ')
  if (after !== text)
    expect(words(after).replace('tcp dport 22 accept ', '')).toBe(
      words(text).replace('tcp dport 22 accept ', ''),
    )
})

test.prop([fc.string({ unit: 'binary' })])('anything else is left', (text) => {
  expect(open(text).changes).toEqual([])
})
