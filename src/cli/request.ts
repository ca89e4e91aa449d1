import { VmcloneError } from '../errors/index.ts'
import type { CloneRequest, HostsEntry, NicRequest } from '../identity/request.ts'
import { nearestName } from './nearest.ts'
import type { Value, Values } from './options/given.ts'
import { bad } from './options/parsers.ts'
import { faultOf, type Source } from './options/source.ts'

/** What the request needs that the options only name. */
export interface RequestContext {
  /** Names of all operations and their groups. */
  readonly operations: readonly string[]
  /** What --hosts-from holds. */
  readonly hostsFrom: readonly HostsEntry[]
}

/** The options as a request. Throws VmcloneError for what contradicts itself or names what does not exist. */
export function toRequest(values: Values, { operations, hostsFrom }: RequestContext): CloneRequest {
  const plain = plainNic(values)
  const nics = values.nic?.value ?? []
  refuseTwice(nics, values.nic?.source)
  refuseOperations(values, operations)
  return {
    ...given('name', values.name),
    ...given('hostname', values.hostname),
    ...given('uuid', values.uuid),
    ...given('machineId', values['machine-id']),
    ...given('sshKeys', values['ssh-keys']),
    nics: Object.keys(plain).length === 0 ? nics : [plain, ...nics],
    hosts: [...hostsFrom, ...(values.hosts?.value ?? []).filter((one) => typeof one === 'object')],
    enable: operationsOf(values.enable, values.disable),
    disable: operationsOf(values.disable, values.enable),
  }
}

function plainNic(values: Values): NicRequest {
  const { ip, ip6, gateway6, gateway, dns, search, dhcp, profile, mac } = values
  const prefix = prefixOf(values)
  if (dhcp?.value) {
    for (const [name, other] of Object.entries({ ip, prefix, gateway })) {
      if (other === undefined) continue
      throw faultOf(dhcp.source, bad(`contradicts ${other.source.label}`, `Give either dhcp or ${name}.`))
    }
  }
  return {
    ...(ip === undefined ? {} : { ip: ip.value.address }),
    ...given('prefix', prefix),
    ...given('gateway', gateway),
    ...given('dns', dns),
    ...given('search', search),
    ...given('ip6', ip6),
    ...given('gateway6', gateway6),
    ...(dhcp?.value ? { dhcp: true } : {}),
    ...given('profile', profile),
    ...given('mac', mac),
    ...given('oldMac', values['old-mac']),
  }
}

/** The prefix length by --ip, --prefix and --netmask; the nearest source counts, two that are equally near must agree. */
function prefixOf({ ip, prefix, netmask }: Values): Value<number> | undefined {
  const own = ip?.value.prefix === undefined ? undefined : { value: ip.value.prefix, source: ip.source }
  const all = [own, prefix, netmask].filter((one) => one !== undefined)
  const rank = Math.min(...all.map(({ source }) => source.rank))
  const [first, ...rest] = all.filter(({ source }) => source.rank === rank)
  const other = rest.find(({ value }) => value !== first?.value)
  if (first !== undefined && other !== undefined) {
    throw faultOf(
      other.source,
      bad(`/${other.value} contradicts /${first.value} of ${first.source.label}`, 'Give one of the two.'),
    )
  }
  return first
}

function refuseTwice(nics: readonly { readonly device: string }[], source: Source | undefined): void {
  const twice = nics.find(({ device }, index) => nics.findIndex((nic) => nic.device === device) !== index)
  if (twice === undefined || source === undefined) return
  throw faultOf(source, bad(`${twice.device} is given twice`, 'Put all of one card into one --nic.'))
}

function refuseOperations({ enable, disable }: Values, known: readonly string[]): void {
  for (const list of [enable, disable]) {
    const unknown = list?.value.find((name) => !known.includes(name))
    if (list === undefined || unknown === undefined) continue
    const nearest = nearestName(unknown, known)
    const hint = nearest === undefined ? {} : { hint: `Did you mean ${nearest}?` }
    throw faultOf(
      list.source,
      new VmcloneError('UNKNOWN_OPERATION', `there is no operation "${unknown}"`, hint),
    )
  }
  const both = enable?.value.find((name) => disable?.value.includes(name))
  if (both === undefined || enable === undefined || enable.source.rank !== disable?.source.rank) return
  throw faultOf(
    enable.source,
    bad(`"${both}" is disabled by ${disable.source.label} too`, 'Give one of the two.'),
  )
}

/** The names of one list, less those that the other names from nearer. */
function operationsOf(
  list: Value<readonly string[]> | undefined,
  other: Value<readonly string[]> | undefined,
): readonly string[] {
  if (list === undefined) return []
  if (other === undefined || other.source.rank >= list.source.rank) return list.value
  return list.value.filter((name) => !other.value.includes(name))
}

function given<const K extends string, T>(key: K, value: Value<T> | undefined): { [P in K]?: T } {
  return (value === undefined ? {} : { [key]: value.value }) as { [P in K]?: T }
}
