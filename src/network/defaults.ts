import { VmcloneError } from '../errors/index.ts'
import type { Notice } from '../notices.ts'
import { checkInherited, checkIpv4, checkIpv6 } from './check.ts'
import { hostFault, inSubnet } from './ipv4.ts'
import { inSubnet6, isLinkLocal6 } from './ipv6.ts'
import type { Lease } from './leases.ts'
import type { AddressingRequest, Ipv4Addressing, Ipv6Addressing, NicAddressing, Vmnet } from './model.ts'

/** What is known of the NIC. */
export interface AddressingContext {
  /** "ethernet0", for messages. */
  readonly device: string
  /** What its profile says now. */
  readonly now?: NicAddressing
  /** True if an earlier run gave the VM the address that it has now; else it is the template's. */
  readonly owned?: boolean
  /** The last lease that the guest got by it. */
  readonly lease?: Lease
  /** The host network that it is on. */
  readonly vmnet?: Vmnet
  /** The MAC that it will have, if that is known. */
  readonly mac?: string
}

/** True if the request touches the NIC's addressing at all: then it needs a profile. */
export function asksAddressing(request: AddressingRequest): boolean {
  const { ip, prefix, gateway, dns, search, ip6, gateway6, dhcp } = request
  return dhcp === true || [ip, prefix, gateway, dns, search, ip6, gateway6].some((one) => one !== undefined)
}

/**
 * A request with all its gaps filled as CLI.md says: from the guest's own values, the VMnet, the last lease.
 * Throws BAD_OPTION, ADDRESS_UNUSABLE, GATEWAY_UNKNOWN, GATEWAY_UNREACHABLE.
 */
export function completeAddressing(
  request: AddressingRequest,
  context: AddressingContext,
): { readonly addressing: NicAddressing; readonly notices: readonly Notice[] } {
  const own = context.now?.ipv4
  if (!asksAddressing(request))
    return { addressing: {}, notices: own?.method === 'static' ? checkInherited(own.address, context) : [] }
  const notices: Notice[] = []
  const ipv4 = completeIpv4(request, context, notices)
  const ipv6 = completeIpv6(request, context)
  if (ipv4?.method === 'static') notices.push(...checkIpv4(ipv4, context))
  if (ipv6) checkIpv6(ipv6, context.device)
  const switched = ipv4?.method === 'static' && context.now?.ipv4?.method !== 'static'
  const dns =
    request.dns ?? (ipv4?.method === 'static' ? knownDns(context, ipv4.address, notices) : undefined)
  const search = request.search ?? (switched ? knownSearch(context) : undefined)
  return {
    addressing: {
      ...(ipv4 ? { ipv4 } : {}),
      ...(ipv6 ? { ipv6 } : {}),
      ...(dns ? { dns } : {}),
      ...(search ? { search } : {}),
    },
    notices,
  }
}

function completeIpv4(
  request: AddressingRequest,
  context: AddressingContext,
  notices: Notice[],
): Ipv4Addressing | undefined {
  const { now, device } = context
  if (request.dhcp) return { method: 'dhcp' }
  const own = now?.ipv4?.method === 'static' ? now.ipv4 : undefined
  if (request.ip === undefined) {
    if (request.prefix === undefined && request.gateway === undefined) return undefined
    if (!own)
      throw new VmcloneError('BAD_OPTION', `a prefix or gateway for ${device} needs a static address`, {
        hint: 'Give --ip too: the guest gets its address by DHCP, or its profile is not known.',
      })
  }
  const address = request.ip ?? (own?.address as string)
  const prefix = request.prefix ?? knownPrefix(address, context, notices)
  const fault = hostFault({ address, prefix })
  if (fault !== undefined)
    throw new VmcloneError(
      'ADDRESS_UNUSABLE',
      `${address}/${prefix} for ${device} cannot be used: it ${fault}`,
    )
  const gateway = request.gateway ?? knownGateway({ address, prefix }, context)
  return { method: 'static', address, prefix, ...(gateway === 'none' ? {} : { gateway }) }
}

function knownPrefix(address: string, context: AddressingContext, notices: Notice[]): number {
  const { now, lease, vmnet } = context
  const own = now?.ipv4?.method === 'static' ? now.ipv4 : undefined
  const leased = lease?.prefix === undefined ? undefined : { address: lease.address, prefix: lease.prefix }
  const home = [own, leased, vmnet?.subnet].find((one) => one !== undefined && inSubnet(address, one))
  if (home) return home.prefix
  notices.push({
    code: 'prefix-assumed',
    message: `No prefix is known for ${address}, so /24 was taken.`,
    hint: 'Give --prefix or --netmask if the subnet is another.',
  })
  return 24
}

/** A gateway in the subnet, or "none" where there is surely none: the guest has none now, or the VMnet is host-only. */
function knownGateway(cidr: { address: string; prefix: number }, context: AddressingContext): string {
  const { now, lease, vmnet, device } = context
  const own = now?.ipv4?.method === 'static' ? now.ipv4 : undefined
  if (own && own.gateway === undefined && inSubnet(own.address, cidr)) return 'none'
  const known = [own?.gateway, vmnet?.gateway, lease?.router].filter(
    (one) => one !== undefined && inSubnet(one, cidr),
  )
  const other = known.find((one) => one !== cidr.address)
  if (other !== undefined) return other
  if (known.length > 0)
    throw new VmcloneError(
      'ADDRESS_UNUSABLE',
      `${cidr.address}/${cidr.prefix} for ${device} is the gateway’s own address`,
    )
  if (vmnet?.mode === 'hostonly' && vmnet.subnet && inSubnet(cidr.address, vmnet.subnet)) return 'none'
  throw new VmcloneError(
    'GATEWAY_UNKNOWN',
    `no gateway is known for ${cidr.address}/${cidr.prefix} on ${device}`,
  )
}

function knownDns(context: AddressingContext, address: string, notices: Notice[]): string[] | undefined {
  const { now, lease, vmnet, device } = context
  const local = vmnet?.subnet && inSubnet(address, vmnet.subnet) ? vmnet.dns : undefined
  // What a static profile has stays as it is.
  if (now?.ipv4?.method === 'static' && (now.dns ?? []).length > 0) return undefined
  const known = [now?.dns, local, lease?.dns].find((list) => list !== undefined && list.length > 0)
  if (known) return [...known]
  notices.push({
    code: 'dns-unknown',
    message: `No name server is known for ${device}.`,
    hint: 'Give --dns ADDRESS if the clone is to resolve names.',
  })
  return undefined
}

function knownSearch({ now, lease }: AddressingContext): string[] | undefined {
  const known = [now?.search, lease?.search].find((list) => list !== undefined && list.length > 0)
  return known && [...known]
}

function completeIpv6(
  request: AddressingRequest,
  { now, device }: AddressingContext,
): Ipv6Addressing | undefined {
  const base = request.ip6 ?? (request.gateway6 === undefined ? undefined : now?.ipv6)
  if (!base) {
    if (request.gateway6 === undefined) return undefined
    throw new VmcloneError(
      'BAD_OPTION',
      `--gateway6 for ${device} needs a static IPv6 address: give --ip6 too`,
    )
  }
  const { address, prefix } = base
  const own = now?.ipv6?.gateway
  const near =
    own !== undefined && (isLinkLocal6(own) || inSubnet6(own, { address, prefix })) ? own : undefined
  const gateway = request.gateway6 ?? near
  return { address, prefix, ...(gateway === undefined ? {} : { gateway }) }
}
