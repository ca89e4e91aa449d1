import type { Notice } from '../../../notices.ts'
import type { MacChange, NicAddressing } from '../../model.ts'
import { staleAddress } from '../../stale.ts'
import type { Draft } from './draft.ts'
import { addressOf, type InterfaceStanzas, ipv4Of, ipv6Of } from './read.ts'
import type { IfaceStanza } from './stanzas.ts'

/** What stays in the configuration although the clone has it from its template. */
export function leftovers(
  before: InterfaceStanzas,
  draft: Draft,
  want: NicAddressing,
  mac: MacChange,
): Notice[] {
  const name = before.all[0]?.name
  const stanzas = draft.stanzas()
  const own = stanzas.filter((stanza) => stanza.name === name)
  const aliases = stanzas.filter((stanza) => stanza.name.startsWith(`${name}:`))
  const old = ipv4Of(before.inet)
  const macs = mac.from.filter((one) => one !== mac.to)
  const routed = want.ipv4?.method === 'static' && want.ipv4.gateway !== undefined
  const stale = (command: string): string[] => {
    const address = want.ipv4 && staleAddress(command, old?.method === 'static' ? old : undefined, want.ipv4)
    const route =
      address === undefined && routed && DEFAULT_ROUTE.test(command) ? 'a default route' : undefined
    return [...macs.filter((one) => names(command, one)), ...[address, route].flatMap((one) => one ?? [])]
  }
  return [
    ...(want.ipv4 ? [...before.extra, ...aliases].flatMap(extraNotice) : []),
    ...(want.ipv4 && !want.ipv6 ? keptIpv6(before.inet6) : []),
    ...own.flatMap((stanza) => commandNotices(stanza, stale)),
  ]
}

function extraNotice(stanza: IfaceStanza): Notice[] {
  const cidr = stanza.method === 'static' ? addressOf(stanza) : undefined
  if (!cidr) return []
  return [
    {
      code: 'extra-address-kept',
      message: `${stanza.file}:${stanza.line}: ${stanza.name} keeps its further address ${cidr.address}/${cidr.prefix}.`,
      hint: 'Take it out of the clone if the template goes on using it.',
    },
  ]
}

function keptIpv6(stanza: IfaceStanza | undefined): Notice[] {
  const now = ipv6Of(stanza)
  if (!stanza || !now) return []
  return [
    {
      code: 'ipv6-kept',
      message: `${stanza.file}:${stanza.line}: ${stanza.name} keeps the IPv6 address ${now.address}/${now.prefix}.`,
      hint: 'Give --ip6 ADDRESS/PREFIX for an address of its own.',
    },
  ]
}

const COMMANDS = /^(pre-)?(up|down)$|^post-(up|down)$/

/** "ip route add default via …", "route add -net 0.0.0.0 gw …": it fails beside a gateway, and with it the interface. */
const DEFAULT_ROUTE = /\broute\b.*\b(add|append|replace)\b.*(\bdefault\b|(?<![\d.])0\.0\.0\.0(?![\d.]))/

function commandNotices(stanza: IfaceStanza, stale: (command: string) => readonly string[]): Notice[] {
  return stanza.options
    .filter((option) => COMMANDS.test(option.name))
    .flatMap((option) =>
      stale(option.value).map((value) => ({
        code: 'old-value-left' as const,
        message: `${stanza.file}: "${option.name}" of ${stanza.name} (stanza at line ${stanza.line}) still names ${value}.`,
        hint: 'Look at the command and correct it by hand if it must follow.',
      })),
    )
}

function names(text: string, value: string): boolean {
  const escaped = value.replaceAll('.', '\\.').replace(/[:-]/g, '[:-]')
  return new RegExp(`(?<![0-9a-f.:])${escaped}(?![0-9a-f:]|\\.[0-9])`, 'i').test(text)
}
