import type { ByteText } from '../../formats/bytes.ts'
import { type XmlElement, xmlAttribute, xmlElements, xmlText } from '../../formats/xml-elements.ts'
import { judge, readRule } from './iptables-rule.ts'
import { follow, type Verdict } from './verdict.ts'

const INPUT = /^INPUT(_direct)?$/

/** True if iptables' rules in firewalld's direct.xml, which come before its zones, might turn new TCP connections to a port away. */
export function directTurnsAway(text: ByteText, port: number): boolean {
  const direct = xmlElements(text)?.find(({ name }) => name === 'direct')
  return ['ipv4', 'ipv6'].some((family) => {
    const own = (direct?.children ?? []).filter((one) => xmlAttribute(text, one, 'ipv') === family)
    const chains = rulesOf(text, own, port)
    const chainOf = (name: string) => (INPUT.test(name) ? undefined : chains.get(name))
    const input = [...chains].flatMap(([name, rules]) => (INPUT.test(name) ? [rules] : []))
    const passed = own.flatMap((one) => (one.name === 'passthrough' ? [passthrough(text, one, port)] : []))
    return [...input, ...passed].some((rules) => follow(rules, chainOf).kind === 'blocked')
  })
}

/** By chain, in the order of their priorities. */
function rulesOf(text: ByteText, elements: readonly XmlElement[], port: number): Map<string, Verdict[]> {
  const rules = elements
    .filter((one) => one.name === 'rule' && xmlAttribute(text, one, 'table') === 'filter')
    .map((one) => ({ one, priority: Number(xmlAttribute(text, one, 'priority')) }))
    .sort((a, b) => a.priority - b.priority)
  const chains = new Map<string, Verdict[]>()
  for (const { one } of rules) {
    const chain = xmlAttribute(text, one, 'chain') ?? ''
    chains.set(chain, [...(chains.get(chain) ?? []), ...verdict(`-A ${chain} ${wordsIn(text, one)}`, port)])
  }
  return chains
}

/** What is handed to iptables as it is: each stands for itself, for it may be put before all others. */
function passthrough(text: ByteText, element: XmlElement, port: number): Verdict[] {
  const words = wordsIn(text, element).replace(/(^|\s)(-t|--table)\s+filter(?=\s)/, '$1')
  const [, chain = '', rest] = /^\s*(?:-A|-I|--append|--insert)\s+(\S+)\s+(?:\d+\s+)?(.*)$/s.exec(words) ?? []
  return INPUT.test(chain) ? verdict(`-A ${chain} ${rest}`, port) : []
}

function wordsIn(text: ByteText, element: XmlElement): string {
  return xmlText(text, element).replaceAll('&quot;', '"').replaceAll(/\s+/g, ' ')
}

function verdict(line: string, port: number): Verdict[] {
  const rule = readRule(line, 0)
  return rule === undefined ? [] : [judge(rule, port)]
}
