import type { ByteText } from '../../formats/bytes.ts'
import type { GuestTree } from '../../guest/tree.ts'
import { startsAtBoot } from '../../network/services.ts'
import { textChange } from '../../network/text-change.ts'
import { NOTHING, type OperationPlan } from '../operation.ts'
import { type Firewall, firewallLeft, purposeOf } from './firewall.ts'
import { lackingPlace, type Place } from './nft-place.ts'
import { NotPlain, readRuleset } from './nft-ruleset.ts'

/** The ruleset that is loaded at boot: RHEL, Debian and Arch, Alpine, Gentoo. */
const MAIN = [
  '/etc/sysconfig/nftables.conf',
  '/etc/nftables.conf',
  '/etc/nftables.nft',
  '/var/lib/nftables/rules-save',
]
const PARTS = [
  '/etc/nftables/*',
  '/etc/nftables/*/*',
  '/etc/nftables.d/*',
  '/etc/sysconfig/nftables/*',
  '/var/lib/nftables/*',
]
/** Rules that are written in one run at most, so that it ends whatever the files say. */
const LIMIT = 64

/** nftables: every chain that filters what comes in lets new connections through. */
export const nftables: Firewall = {
  reads: [...MAIN, ...PARTS],
  open({ guest: { tree } }, ports) {
    const main = MAIN.find((path) => tree.text(path) !== undefined)
    if (startsAtBoot(tree, 'nftables') === undefined || main === undefined) return NOTHING
    return open(tree, main, ports)
  },
}

function open(tree: GuestTree, main: string, ports: readonly number[]): OperationPlan {
  const purpose = purposeOf(ports)
  let now = tree
  const changed = new Set<string>()
  for (let count = 0; count < LIMIT; count++) {
    const ruleset = readRuleset(now, main, [...MAIN, ...PARTS])
    if (ruleset instanceof NotPlain)
      return { changes: [], notices: [firewallLeft('nftables', ruleset.because)] }
    const lacking = ports
      .map((port) => ({ port, place: lackingPlace(ruleset, port) }))
      .find(({ place }) => place !== undefined)
    if (lacking?.place === undefined) {
      const changes = [...changed].flatMap((path) => textChange(tree, path, now.text(path) ?? '', purpose))
      return { changes, notices: [] }
    }
    const { file } = lacking.place
    const text = withRule(now.text(file) ?? '', lacking.place, `tcp dport ${lacking.port} accept`)
    now = now.with(textChange(now, file, text, purpose))
    changed.add(file)
  }
  return { changes: [], notices: [firewallLeft('nftables', 'it has too many chains')] }
}

/** On a line of its own, indented like the line that follows, or like the one before the chain's end; else between the others. */
function withRule(text: ByteText, { offset, last }: Place, rule: string): ByteText {
  const line = text.lastIndexOf('\n', offset - 1) + 1
  const indent = text.slice(line, offset)
  if (indent.trim() !== '') {
    const before = text.slice(0, offset)
    const closed = !last || /[;{\n]\s*$/.test(before)
    return `${before}${closed ? '' : '; '}${rule}; ${text.slice(offset)}`
  }
  const end = text.slice(0, line).endsWith('\r\n') ? '\r\n' : '\n'
  const own = last ? indentBefore(text, line, indent) : indent
  return `${text.slice(0, line)}${own}${rule}${end}${text.slice(line)}`
}

function indentBefore(text: ByteText, line: number, indent: string): string {
  const before = text.slice(0, line).trimEnd()
  const own = /^[ \t]*/.exec(before.slice(before.lastIndexOf('\n') + 1))?.[0] ?? ''
  return own.length > indent.length ? own : `${indent}\t`
}
