import { hostLabel, hostnameOf, withDomain } from '../../identity/hostname.ts'
import type { Hostname } from '../../identity/identity.ts'
import type { HostsEntry } from '../../identity/request.ts'
import type { BatchRow } from './types.ts'

/**
 * The clones as lines of a hosts file: each static address with the clone's FQDN, if it has one, and its short name where no
 * other clone has the same. One by DHCP has none. `present`: the template's own name, whose domain clones without one get.
 */
export function hostsOfBatch(rows: readonly BatchRow[], present?: Hostname): HostsEntry[] {
  const named = rows.map((row) => ({ row, name: nameOf(row, present) }))
  const count = new Map<string, number>()
  for (const { name } of named)
    if (name !== undefined) count.set(name.short, (count.get(name.short) ?? 0) + 1)
  return named.flatMap(({ row: { request }, name }) => {
    if (name === undefined) return []
    const { short, fqdn } = name
    const names = fqdn === undefined ? [short] : count.get(short) === 1 ? [fqdn, short] : [fqdn]
    const ip = request.nics.find((nic) => nic.ip !== undefined)?.ip
    const ip6 = request.nics.find((nic) => nic.ip6 !== undefined)?.ip6?.address
    return [ip, ip6].flatMap((address) => (address === undefined ? [] : [{ address, names }]))
  })
}

function nameOf(
  { name, request: { hostname = 'auto' } }: BatchRow,
  present: Hostname | undefined,
): Hostname | undefined {
  if (hostname !== 'auto' && hostname !== 'keep') return withDomain(hostnameOf(hostname), present)
  const short = hostLabel(name)
  return short === undefined ? undefined : withDomain({ short }, present)
}
