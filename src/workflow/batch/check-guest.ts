import type { Fault } from '../../errors/index.ts'
import { hostnameOf, withDomain } from '../../identity/hostname.ts'
import type { Hostname } from '../../identity/identity.ts'
import { columnOf } from './claims.ts'
import type { BatchRow } from './types.ts'

/** What the template's guest calls itself, once it was read. */
export interface TemplateGuest {
  readonly hostname?: Hostname
  /** Its static addresses, IPv4 and IPv6 in RFC 5952 text. */
  readonly addresses: readonly string[]
}

/**
 * What new clones would share with the template's guest, and names that are the same once they have the guest's domain. Pure.
 */
export function checkTemplateGuest(rows: readonly BatchRow[], guest: TemplateGuest): Fault[] {
  const faults: Fault[] = []
  const { hostname: present } = guest
  const addresses = new Set(guest.addresses)
  const names = new Map<string, string>()
  if (present !== undefined) names.set(present.fqdn ?? present.short, 'the template')
  for (const { line, vmx, request } of rows) {
    if (vmx !== undefined) continue
    const tell = (column: string, fact: string) =>
      faults.push({ line, column, message: fact, hint: 'Give each clone one of its own.' })
    const { hostname = 'auto', nics } = request
    if (hostname !== 'auto' && hostname !== 'keep') {
      const { short, fqdn } = withDomain(hostnameOf(hostname), present)
      const name = fqdn ?? short
      const owner = names.get(name)
      if (owner === undefined) names.set(name, `line ${line}`)
      else tell('hostname', `host name ${name} is that of ${owner}`)
    }
    for (const nic of nics) {
      for (const [part, address] of [
        ['ip', nic.ip],
        ['ip6', nic.ip6?.address],
      ] as const) {
        if (address !== undefined && addresses.has(address))
          tell(columnOf(nic, part), `address ${address} is that of the template`)
      }
    }
  }
  return faults
}
