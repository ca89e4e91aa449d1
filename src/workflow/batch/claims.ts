import type { NicRequest } from '../../identity/request.ts'
import type { BatchFacts } from './facts.ts'
import type { BatchRow } from './types.ts'

/** Something that only one VM may have. */
export interface Claim {
  /** Same for what counts as the same. */
  readonly key: string
  /** As messages say it: "MAC 00:50:56:12:34:56". */
  readonly says: string
  /** The table's column that it stands in or follows from. */
  readonly column: string
  /** True if it may follow from the name. */
  readonly follows?: boolean
}

/** Who has something already. */
export interface Owner {
  /** "the template", "line 3", "the VM vms/a/a.vmx". */
  readonly name: string
  readonly row?: BatchRow
  /** Directory under --to, folded. */
  readonly directory?: string
  /** True if a record says so, which may be out of date. */
  readonly recorded?: boolean
}

/** Names that Windows and macOS take for the same. */
export function folded(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

/** The column of a part of a card: "ip" or "nic1.ip". */
export function columnOf({ device }: Pick<NicRequest, 'device'>, part: string): string {
  return device === undefined ? part : `${device.replace('ethernet', 'nic')}.${part}`
}

/** What a row wants for itself alone. */
export function claimsOf({ name, request, vmx }: BatchRow, realPath: string | undefined): Claim[] {
  const { hostname, uuid, nics } = request
  const claims: Claim[] = [claim('name', name, 'name', folded(name))]
  if (hostname !== undefined && hostname !== 'auto' && hostname !== 'keep')
    claims.push({ ...claim('host name', hostname, 'hostname'), follows: true })
  if (uuid?.includes('-')) claims.push(claim('UUID', uuid, 'uuid'))
  if (vmx !== undefined && realPath !== undefined) claims.push(claim('VM', vmx, 'vmx', realPath))
  for (const nic of nics) {
    if (nic.ip !== undefined) claims.push(claim('address', nic.ip, columnOf(nic, 'ip')))
    if (nic.ip6 !== undefined) claims.push(claim('address', nic.ip6.address, columnOf(nic, 'ip6')))
    if (nic.mac?.includes(':')) claims.push(claim('MAC', nic.mac, columnOf(nic, 'mac')))
  }
  return claims
}

/** What standing VMs have. What records say of those that rows have made or will make, the rows say themselves. */
export function standingClaims(
  { template, templateDirectory, neighbours }: BatchFacts,
  rows: readonly BatchRow[],
): Map<string, Owner> {
  const owners = new Map<string, Owner>()
  const own = new Set(rows.filter(({ vmx }) => vmx === undefined).map(({ name }) => folded(name)))
  for (const { vmx, displayName, nics, uuid, directory, addresses, hostnames } of neighbours) {
    const owner = { name: `the VM ${vmx}`, directory: folded(directory) }
    if (displayName !== undefined) owners.set(claim('name', '', '', folded(displayName)).key, owner)
    if (uuid !== undefined) owners.set(claim('UUID', uuid, '').key, owner)
    for (const mac of nics.flatMap((nic) => nic.macs)) owners.set(claim('MAC', mac, '').key, owner)
    const given = [
      ...addresses.map((address) => claim('address', address, '')),
      ...hostnames.map((hostname) => claim('host name', hostname, '')),
    ]
    if (!own.has(owner.directory)) for (const { key } of given) owners.set(key, { ...owner, recorded: true })
  }
  if (template === undefined) return owners
  const home = templateDirectory === undefined ? {} : { directory: folded(templateDirectory) }
  const owner = { name: 'the template', ...home }
  owners.set(claim('VM', '', '', template.vmx).key, owner)
  if (template.displayName !== undefined)
    owners.set(claim('name', '', '', folded(template.displayName)).key, owner)
  if (template.uuid !== undefined) owners.set(claim('UUID', template.uuid, '').key, owner)
  for (const mac of template.nics.flatMap((nic) => nic.macs)) owners.set(claim('MAC', mac, '').key, owner)
  return owners
}

function claim(what: string, value: string, column: string, same = value): Claim {
  return { key: `${what} ${same}`, says: `${what} ${value}`, column }
}
