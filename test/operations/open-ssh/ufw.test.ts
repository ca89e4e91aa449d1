import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { guestFile } from '../../../src/guest/tree.ts'
import { openIn, SERVED } from '../../support/ssh-guest.ts'

const RULES = '/etc/ufw/user.rules'
const HEAD = '*filter\n:ufw-user-input - [0:0]\n### RULES ###\n'
const END = '\n### END RULES ###\n\n### LOGGING ###\n### END LOGGING ###\nCOMMIT\n'
const tuple = (action: string, port: string, src = '0.0.0.0/0', direction = 'in') =>
  `\n### tuple ### ${action} tcp ${port} 0.0.0.0/0 any ${src} ${direction}\n-A ufw-user-input -p tcp --dport ${port} -j X\n`
const RULE =
  '\n### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in\n-A ufw-user-input -p tcp --dport 22 -j ACCEPT\n'

const open = (rules: string, { enabled = 'yes', six = 'yes', sshd = '' } = {}) =>
  openIn([
    ...SERVED,
    guestFile('/etc/ssh/sshd_config', sshd),
    guestFile('/etc/ufw/ufw.conf', `# on or off\nENABLED=${enabled}\nLOGLEVEL=low\n`),
    guestFile('/etc/default/ufw', `IPV6=${six}\n`),
    guestFile(RULES, rules, { mode: 0o640 }),
    guestFile('/etc/ufw/user6.rules', HEAD.replaceAll('ufw-', 'ufw6-') + END, { mode: 0o640 }),
  ])

describe('a rule is written', () => {
  it.each([
    ['in a file that has none', HEAD + END, HEAD + RULE + END],
    [
      'in the file that the package brings',
      `${HEAD}-A ufw-user-limit -j REJECT\nCOMMIT\n`,
      `${HEAD}${RULE}-A ufw-user-limit -j REJECT\nCOMMIT\n`,
    ],
    ['behind the others', HEAD + tuple('allow', '80') + END, HEAD + tuple('allow', '80') + RULE + END],
    [
      'behind what turns certain senders away',
      HEAD + tuple('deny', '22', '192.0.2.1') + END,
      HEAD + tuple('deny', '22', '192.0.2.1') + RULE + END,
    ],
    [
      'before what turns everybody away',
      HEAD + tuple('allow', '80') + tuple('deny_log', '20:25') + END,
      `${HEAD}${tuple('allow', '80')}${RULE}${tuple('deny_log', '20:25')}${END}`,
    ],
    [
      'where it is let in on one interface',
      HEAD + tuple('allow', '22', '0.0.0.0/0', 'in_eth1') + END,
      HEAD + tuple('allow', '22', '0.0.0.0/0', 'in_eth1') + RULE + END,
    ],
    [
      'where it may go out',
      HEAD + tuple('allow', '22', '0.0.0.0/0', 'out') + END,
      HEAD + tuple('allow', '22', '0.0.0.0/0', 'out') + RULE + END,
    ],
  ])('%s', (_, before, after) => {
    const { text, again, notices } = open(before)
    expect(text(RULES)).toBe(after)
    expect(text('/etc/ufw/user6.rules')).toContain(
      '\n### tuple ### allow tcp 22 ::/0 any ::/0 in\n-A ufw6-user-input -p tcp --dport 22 -j ACCEPT\n',
    )
    expect({ again, notices }).toEqual({ again: [], notices: [] })
  })

  it('for the port that sshd listens on', () => {
    expect(open(HEAD + END, { sshd: 'Port 2222\n' }).text(RULES)).toBe(
      HEAD + RULE.replaceAll('22', '2222') + END,
    )
  })

  it('for IPv4 alone where ufw leaves IPv6 alone', () => {
    expect(open(HEAD + END, { six: 'no' }).changes.map(({ path }) => path)).toEqual([RULES])
  })
})

it.each([
  ['where SSH is let in', HEAD + RULE + tuple('deny', '22') + END, {}],
  ['where it is limited', HEAD + tuple('limit', '22') + END, {}],
  [
    'where it is let in by an application’s name',
    `${HEAD}\n### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 OpenSSH - in comment=6f6b\n-A x\n${END}`,
    {},
  ],
  ['in a firewall that is off', HEAD + END, { enabled: 'no' }],
  ['in a file without places for rules', 'COMMIT\n', {}],
])('nothing is written %s', (_, rules, more) => {
  expect(open(rules, { six: 'no', ...more }).changes).toEqual([])
})

const rule = fc
  .tuple(
    fc.constantFrom('allow', 'deny', 'reject', 'limit', 'allow_log'),
    fc.constantFrom('22', '80', 'any', '22,80', '1:99'),
    fc.constantFrom('0.0.0.0/0', '192.0.2.1'),
    fc.constantFrom('in', 'out', 'in_eth0'),
  )
  .map((parts) => tuple(...parts))

test.prop([fc.array(rule, { maxLength: 6 })], { numRuns: 300 })('any rules get one more, once', (rules) => {
  const before = HEAD + rules.join('') + END
  const { text, again } = open(before, { six: 'no' })
  expect(again).toEqual([])
  const after = text(RULES) ?? ''
  if (after !== before)
    expect([after.replace(RULE, ''), after.length]).toEqual([before, before.length + RULE.length])
})

describe('what comes before the rule is told, and left', () => {
  const USUAL =
    '-A ufw-before-input -i lo -j ACCEPT\n-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n'
  const DROP = '-A ufw-before-input -p tcp --dport 22 -j DROP\n'
  const NOT_LOCAL =
    '-A ufw-before-input -j ufw-not-local\n-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN\n-A ufw-not-local -m addrtype --dst-type BROADCAST -j DROP\n-A ufw-not-local -j DROP\n'
  const fileOf = (rules: string) =>
    `*filter\n:ufw-before-input - [0:0]\n:ufw-not-local - [0:0]\n${rules}COMMIT\n`
  const told = (path: string, rules: string, user = HEAD + END, six = 'yes') => {
    const { changes, notices } = openIn([
      ...SERVED,
      guestFile('/etc/ufw/ufw.conf', 'ENABLED=yes\n'),
      guestFile('/etc/default/ufw', `IPV6=${six}\n`),
      guestFile(RULES, user),
      guestFile('/etc/ufw/user6.rules', HEAD.replaceAll('ufw-', 'ufw6-') + END),
      guestFile(path, rules),
    ])
    expect(changes.map((change) => change.path)).not.toContain(path)
    return notices.map(({ code, message }) => [code, /\/\S+/.exec(message)?.[0]])
  }
  const BEFORE = '/etc/ufw/before.rules'
  const BEFORE6 = '/etc/ufw/before6.rules'

  it.each([
    ['a drop', BEFORE, USUAL + DROP],
    ['a drop in a chain that is jumped to', BEFORE, NOT_LOCAL.replace('LOCAL', 'MULTICAST')],
    ['a drop of IPv6', BEFORE6, DROP.replace('ufw-', 'ufw6-')],
  ])('%s', (_, path, rules) => {
    const text = path === BEFORE6 ? fileOf(rules).replace(':ufw-before', ':ufw6-before') : fileOf(rules)
    expect(told(path, text)).toEqual([['firewall-blocks', path]])
  })

  it.each([
    ['rules that let SSH in', BEFORE, `-A ufw-before-input -p tcp --dport 22 -j ACCEPT\n${DROP}`],
    ['what is not for this guest', BEFORE, USUAL + NOT_LOCAL],
    ['certain senders', BEFORE, '-A ufw-before-input -s 192.0.2.7 -j DROP\n'],
    ['another port', BEFORE, DROP.replace('22', '80')],
    ['headers that a connection does not have', BEFORE6, '-A ufw6-before-input -m rt --rt-type 0 -j DROP\n'],
  ])('but not %s', (_, path, rules) => {
    expect(told(path, fileOf(rules))).toEqual([])
  })

  it('but not of IPv6 where ufw leaves it alone', () => {
    expect(told(BEFORE6, fileOf(DROP.replace('ufw-', 'ufw6-')), undefined, 'no')).toEqual([])
  })

  it('where it stands among the rules and is none of ufw’s', () => {
    const user = HEAD.replace('###', `${DROP.replace('before', 'user')}###`) + END
    expect(told(BEFORE, fileOf(USUAL), user)).toEqual([['firewall-blocks', RULES]])
  })
})
