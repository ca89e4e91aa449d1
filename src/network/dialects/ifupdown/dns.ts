import { removeOptions, setOption } from '../../../formats/interfaces-edit.ts'
import type { GuestRead, GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { NicAddressing } from '../../model.ts'
import { RESOLV_CONF, readResolvConf, sameList } from '../../resolv-conf.ts'
import { resolvConfChange } from '../../resolv-conf-change.ts'
import type { Draft } from './draft.ts'
import { type IfaceStanza, wordsOf } from './stanzas.ts'

const HOOKS = [
  '/sbin/resolvconf',
  '/usr/sbin/resolvconf',
  '/etc/network/if-up.d/resolved',
  '/etc/network/if-up.d/000resolvconf',
]

export const DNS_READS: readonly GuestRead[] = [
  RESOLV_CONF,
  ...HOOKS.map((path) => ({ path, attributes: true as const })),
]

/** True if something in the guest acts on dns-nameservers: resolvconf, openresolv or the hook of systemd-resolved. */
export function hasDnsHook(tree: GuestTree): boolean {
  return HOOKS.some((path) => tree.entry(path) !== undefined)
}

/** Name servers and search domains in force for a static stanza; undefined where nothing says any. */
export function dnsOf(tree: GuestTree, stanza: IfaceStanza): { dns?: string[]; search?: string[] } {
  const file =
    tree.entry(RESOLV_CONF)?.kind === 'file' ? readResolvConf(tree.text(RESOLV_CONF) ?? '') : undefined
  const own = { dns: wordsOf(stanza, 'dns-nameservers'), search: wordsOf(stanza, 'dns-search') }
  const ranked = hasDnsHook(tree) ? [own, fileDns(file)] : [fileDns(file), own]
  const dns = ranked.map((one) => one.dns).find((list) => list.length > 0)
  const search = ranked.map((one) => one.search).find((list) => list.length > 0)
  return { ...(dns ? { dns } : {}), ...(search ? { search } : {}) }
}

function fileDns(file: ReturnType<typeof readResolvConf> | undefined): { dns: string[]; search: string[] } {
  return { dns: [...(file?.nameservers ?? [])], search: [...(file?.search ?? [])] }
}

/** Options behind which the DNS lines go. */
const BEFORE_DNS = ['address', 'netmask', 'broadcast', 'network', 'gateway', 'metric']

/**
 * Sets name servers and search domains where the guest takes them from: in the stanza if something acts on it, else in
 * /etc/resolv.conf if that is a file of its own; in both if both are there.
 */
export function editDns(
  tree: GuestTree,
  draft: Draft,
  stanza: IfaceStanza,
  want: NicAddressing,
  operation: string,
): { changes: Change[]; notices: Notice[] } {
  if (!want.dns && !want.search) return { changes: [], notices: [] }
  const hook = hasDnsHook(tree)
  const options: [string, readonly string[] | undefined, string[]][] = [
    ['dns-nameservers', want.dns, BEFORE_DNS],
    ['dns-search', want.search, [...BEFORE_DNS, 'dns-nameservers']],
  ]
  let next = stanza
  for (const [name, list, after] of options) {
    const own = wordsOf(next, name)
    if (!list || sameList(own, list) || !(hook || own.length > 0)) continue
    next = draft.edit(next, (document, ordinal) =>
      list.length === 0
        ? removeOptions(document, ordinal, [name])
        : setOption(document, ordinal, name, list.join(' '), after),
    )
  }
  const node = tree.entry(RESOLV_CONF)
  const elsewhere = next.method === 'dhcp' ? 'the DHCP client writes it' : 'it is a symbolic link'
  if (next.method !== 'dhcp' && (node ? node.content !== undefined : !hook))
    return { changes: resolvConfChange(tree, want, operation), notices: [] }
  if (hook) return { changes: [], notices: [] }
  const message = `The name servers for ${stanza.name} were not set in ${RESOLV_CONF}: ${elsewhere}.`
  return { changes: [], notices: [{ code: 'dns-managed-elsewhere', message }] }
}
