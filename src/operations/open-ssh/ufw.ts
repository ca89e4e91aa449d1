import type { ByteText } from '../../formats/bytes.ts'
import { joinLines, type Line, lineEndOf, splitLines } from '../../formats/lines.ts'
import { parseShell, shellValue } from '../../formats/shell-assignments.ts'
import type { GuestTree } from '../../guest/tree.ts'
import type { Notice } from '../../notices.ts'
import { NOTHING } from '../operation.ts'
import { type Firewall, firewallLeft, openIn, standsInTheWay } from './firewall.ts'
import { turnsAway } from './iptables-rules.ts'

const CONF = '/etc/ufw/ufw.conf'
const DEFAULTS = '/etc/default/ufw'
/** Where ufw has kept its rules over the years. */
const PLACES = ['/etc/ufw', '/lib/ufw', '/var/lib/ufw']

/** What differs between the rules of IPv4 and of IPv6. */
interface Family {
  readonly any: string
  readonly chain: string
  readonly file: string
  /** What is gone through before the rules: a file of the guest's own and its chain. */
  readonly before: { readonly path: string; readonly chain: string }
}

const IPV4: Family = {
  any: '0.0.0.0/0',
  chain: 'ufw-user-input',
  file: 'user.rules',
  before: { path: '/etc/ufw/before.rules', chain: 'ufw-before-input' },
}
const IPV6: Family = {
  any: '::/0',
  chain: 'ufw6-user-input',
  file: 'user6.rules',
  before: { path: '/etc/ufw/before6.rules', chain: 'ufw6-before-input' },
}

/** ufw: the rules that `ufw allow` would have added, as ufw itself writes them. */
export const ufw: Firewall = {
  reads: [
    ...[CONF, DEFAULTS],
    ...[IPV4, IPV6].flatMap(({ file, before }) => [
      before.path,
      ...PLACES.map((place) => `${place}/${file}`),
    ]),
  ],
  open({ guest: { tree } }, ports) {
    if (setting(tree, CONF, 'ENABLED') !== 'yes') return NOTHING
    const place = PLACES.find((one) => tree.text(`${one}/user.rules`) !== undefined)
    if (place === undefined)
      return { changes: [], notices: [firewallLeft('ufw', 'its rules were not found')] }
    const families = setting(tree, DEFAULTS, 'IPV6') === 'yes' ? [IPV4, IPV6] : [IPV4]
    const plans = families.map((family) => {
      const path = `${place}/${family.file}`
      const changes = openIn(tree, path, ports, (text, port) => allow(text, port, family))
      return { changes, notices: obstacles(tree.with(changes), path, ports, family) }
    })
    return {
      changes: plans.flatMap(({ changes }) => changes),
      notices: plans.flatMap(({ notices }) => notices),
    }
  },
}

/** Rules of the guest's own that come before the one that was added, which ufw itself has not written. */
function obstacles(
  tree: GuestTree,
  path: string,
  ports: readonly number[],
  { before, chain }: Family,
): Notice[] {
  return [before, { path, chain }].flatMap((one) => {
    const port = ports.find((number) => turnsAway(tree.text(one.path) ?? '', one.chain, number))
    return port === undefined ? [] : [standsInTheWay(one.path, port)]
  })
}

function setting(tree: GuestTree, path: string, key: string): string | undefined {
  return shellValue(parseShell(tree.text(path) ?? ''), key)?.toLowerCase()
}

/** Rules are taken in their order: the new one stands before what turns everybody away, else behind all others. */
function allow(text: ByteText, port: number, family: Family): ByteText {
  const lines = splitLines(text)
  const rules = lines.map((line) => ruleOf(line, port, family))
  const first = rules.findIndex((rule) => rule !== undefined)
  if (rules[first] === 'let in') return text
  const end = lineEndOf(lines)
  const rule = [
    `### tuple ### allow tcp ${port} ${family.any} any ${family.any} in`,
    `-A ${family.chain} -p tcp --dport ${port} -j ACCEPT`,
  ].map((one) => ({ text: one, end }))
  const blank = { text: '', end }
  if (first >= 0) return joinLines(lines.toSpliced(first, 0, ...rule, blank))
  const last = placeBehind(lines)
  return last === undefined ? text : joinLines(lines.toSpliced(last, 0, blank, ...rule))
}

/** Before the end of the rules with the empty line above it, or behind their beginning in a file that had none yet. */
function placeBehind(lines: readonly Line[]): number | undefined {
  const end = lines.findIndex(({ text }) => text === '### END RULES ###')
  if (end > 0) return lines[end - 1]?.text === '' ? end - 1 : end
  const start = lines.findIndex(({ text }) => text === '### RULES ###')
  return start < 0 ? undefined : start + 1
}

const TUPLE =
  /^### tuple ###\s+(\S+) (\S+) (\S+) (\S+) (\S+) (\S+)(?: \S+ \S+)?(?: (in|out)\S*)?(?: comment=\S*)?\s*$/

/** What a rule does to everybody's connections to a port; undefined if it is no rule, or concerns others. */
function ruleOf({ text }: Line, port: number, { any }: Family): 'let in' | 'turned away' | undefined {
  const [, action = '', protocol = '', dport = '', dst, sport, src, direction = 'in'] = TUPLE.exec(text) ?? []
  const concerns = /^(tcp|any)$/.test(protocol) && sport === 'any' && src === any && direction === 'in'
  if (!concerns || !covers(dport, port)) return undefined
  if (/^(deny|reject)(_|$)/.test(action)) return 'turned away'
  const everywhere = dst === any && !/ in_\S+/.test(text)
  return everywhere && /^(allow|limit)(_|$)/.test(action) ? 'let in' : undefined
}

/** "any", "22", "22,80", "1000:2000" */
function covers(ports: string, port: number): boolean {
  return ports.split(',').some((part) => {
    const [low = '', high = low] = part.split(':')
    return part === 'any' || (Number(low) <= port && port <= Number(high))
  })
}
