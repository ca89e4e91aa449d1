import { VmcloneError } from '../errors/index.ts'
import type { Notice } from '../notices.ts'
import type { AddressingContext } from './defaults.ts'
import { inRangeOf, inSubnet } from './ipv4.ts'
import { hostFault6, inSubnet6, isLinkLocal6 } from './ipv6.ts'
import type { Ipv4Addressing, Ipv6Addressing, Vmnet } from './model.ts'

type StaticIpv4 = Extract<Ipv4Addressing, { method: 'static' }>

/**
 * Checks a complete static address against its gateway, the host network it is on and the template's own.
 * Throws GATEWAY_UNREACHABLE and ADDRESS_UNUSABLE.
 */
export function checkIpv4(want: StaticIpv4, context: AddressingContext): Notice[] {
  checkGateway(want, context.device)
  return [...checkVmnet(want, context), ...checkInherited(want.address, context)]
}

/** A notice if this address, static in the guest now, is the one that the template has. */
export function checkInherited(address: string, { device, now, owned }: AddressingContext): Notice[] {
  if (owned || now?.ipv4?.method !== 'static' || now.ipv4.address !== address) return []
  return [
    {
      code: 'address-unchanged',
      message: `${device} keeps ${address}, the address of the VM that it was cloned from.`,
      hint: 'Give another --ip if both are to run.',
    },
  ]
}

function checkGateway(want: StaticIpv4, device: string): void {
  const { address, prefix, gateway } = want
  if (gateway === undefined) return
  if (gateway === address)
    throw new VmcloneError('GATEWAY_UNREACHABLE', `gateway ${gateway} for ${device} is the address itself`)
  if (!inSubnet(gateway, want))
    throw new VmcloneError('GATEWAY_UNREACHABLE', `gateway ${gateway} does not lie in ${address}/${prefix}`)
}

/** Whose an address is in a VMnet, as a phrase; undefined if a guest can have it. */
export function ownerInVmnet(address: string, vmnet: Vmnet): string | undefined {
  const owners: [string, readonly (string | undefined)[]][] = [
    ['this host’s own address', [vmnet.hostAddress]],
    ['the gateway', [vmnet.gateway]],
    ['the name server', vmnet.dns ?? []],
  ]
  const owner = owners.find(([, addresses]) => addresses.includes(address))?.[0]
  return owner === undefined ? undefined : `${owner} in ${vmnet.name}`
}

function checkVmnet({ address }: StaticIpv4, { device, vmnet, mac }: AddressingContext): Notice[] {
  if (!vmnet) return []
  const owner = ownerInVmnet(address, vmnet)
  if (owner !== undefined) throw new VmcloneError('ADDRESS_UNUSABLE', `${address} for ${device} is ${owner}`)
  if (vmnet.subnet && !inSubnet(address, vmnet.subnet))
    return [
      {
        code: 'address-outside-vmnet',
        message: `${address} for ${device} does not lie in ${vmnet.name} (${vmnet.subnet.address}/${vmnet.subnet.prefix}).`,
      },
    ]
  const reserved = vmnet.reservations.find((one) => one.address === address)
  if (reserved?.mac === mac && mac !== undefined) return []
  if (reserved)
    return [
      {
        code: 'address-reserved',
        message: `${address} for ${device} is reserved for ${reserved.mac} by the DHCP server of ${vmnet.name}.`,
        hint: 'Choose another address, or give the NIC that MAC by --mac.',
      },
    ]
  if (!vmnet.dhcpRange || !inRangeOf(address, vmnet.dhcpRange)) return []
  const { first, last } = vmnet.dhcpRange
  return [
    {
      code: 'address-in-dhcp-range',
      message: `${address} for ${device} lies in the DHCP range of ${vmnet.name} (${first} to ${last}).`,
      hint: 'Choose an address outside it, so that no other VM is given the same.',
    },
  ]
}

/** Throws ADDRESS_UNUSABLE and GATEWAY_UNREACHABLE. */
export function checkIpv6({ address, prefix, gateway }: Ipv6Addressing, device: string): void {
  const fault = hostFault6(address)
  if (fault !== undefined)
    throw new VmcloneError('ADDRESS_UNUSABLE', `${address} for ${device} cannot be used: it ${fault}`)
  if (gateway === undefined) return
  const near = isLinkLocal6(gateway) || inSubnet6(gateway, { address, prefix })
  if (gateway === address || !near)
    throw new VmcloneError(
      'GATEWAY_UNREACHABLE',
      `gateway ${gateway} is no neighbour of ${address}/${prefix}`,
    )
}
