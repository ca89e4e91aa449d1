import type { GuestRead, GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { NicAddressing } from '../../model.ts'
import { RESOLV_CONF, readResolvConf } from '../../resolv-conf.ts'
import { resolvConfChange } from '../../resolv-conf-change.ts'
import { startsAtBoot } from '../../services.ts'
import type { Unit } from './files.ts'
import { dhcpOf, resolverOf } from './read.ts'

const RESOLVED_CONF = ['/etc/systemd/resolved.conf', '/etc/systemd/resolved.conf.d/*.conf']

export const DNS_READS: readonly GuestRead[] = [RESOLV_CONF, ...RESOLVED_CONF]

/** True if systemd-resolved acts on DNS= and Domains=. */
export function hasResolved(tree: GuestTree): boolean {
  return startsAtBoot(tree, 'systemd-resolved') !== undefined
}

/** Name servers and search domains in force: of the files with systemd-resolved, else of /etc/resolv.conf. */
export function dnsOf(tree: GuestTree, unit: Unit): Pick<NicAddressing, 'dns' | 'search'> {
  const own = resolverOf(unit)
  const plain = tree.entry(RESOLV_CONF)?.kind === 'file' && !dhcpOf(unit).v4
  const file = plain ? readResolvConf(tree.text(RESOLV_CONF) ?? '') : undefined
  const other = { dns: file?.nameservers ?? [], search: file?.search ?? [] }
  const ranked = hasResolved(tree) ? [own, other] : [other, own]
  const dns = ranked.map((one) => one.dns).find((list) => list.length > 0)
  const search = ranked.map((one) => one.search).find((list) => list.length > 0)
  return { ...(dns ? { dns } : {}), ...(search ? { search } : {}) }
}

/** What of the name servers asked for does not stand in the NIC's own file. */
export function editResolver(
  tree: GuestTree,
  name: string,
  want: NicAddressing,
  operation: string,
): { changes: Change[]; notices: Notice[] } {
  if (!want.dns && !want.search) return { changes: [], notices: [] }
  const node = tree.entry(RESOLV_CONF)
  const resolved = hasResolved(tree)
  const plain = node ? node.content !== undefined : !resolved
  const changes = plain ? resolvConfChange(tree, want, operation) : []
  const notices: Notice[] = []
  if (!resolved && node && node.content === undefined)
    notices.push({
      code: 'dns-managed-elsewhere',
      message: `The name servers for ${name} were not set in ${RESOLV_CONF}: it is a symbolic link.`,
    })
  if (want.dns && resolved) notices.push(...globalServers(tree, want.dns))
  return { changes, notices }
}

/** Servers of resolved.conf(5) are asked besides those of the NIC. */
function globalServers(tree: GuestTree, wanted: readonly string[]): Notice[] {
  return RESOLVED_CONF.flatMap((pattern) => tree.glob(pattern)).flatMap(({ path }) => {
    const servers = /^[ \t]*DNS[ \t]*=(.*)$/m.exec(tree.text(path) ?? '')?.[1]?.trim() ?? ''
    const others = servers.split(/\s+/).filter((one) => one !== '' && !wanted.includes(one))
    if (others.length === 0) return []
    return [
      {
        code: 'old-value-left',
        message: `${path} names the name server ${others.join(', ')} for all NICs; it was left as it is.`,
        hint: 'Take it out of the clone if it is not to be asked.',
      },
    ]
  })
}
