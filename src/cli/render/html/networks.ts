import { networkOf, parseCidr } from '../../../network/ipv4.ts'
import type { Vmnet } from '../../../network/model.ts'
import type { BatchReport } from '../../../workflow/batch/types.ts'

/** A network card as it is drawn. */
export interface Member {
  readonly clone: string
  readonly address: string
  readonly mac: string
}

/** A network with the clones on it; what is not known of it is absent. */
export interface Network {
  /** "vmnet8", or its subnet. */
  readonly name: string
  readonly mode?: Vmnet['mode']
  readonly subnet?: string
  readonly hostAdapter?: string
  readonly gateway?: string
  readonly members: readonly Member[]
}

/** The networks that the clones of a batch are on, by VMnet, else by subnet. Clones that failed are on none. */
export function networksOf({ clones, vmnets = [] }: BatchReport): Network[] {
  const found = new Map<string, { members: Member[]; gateways: Set<string>; subnets: Set<string> }>()
  for (const { name: clone, status, identity } of clones) {
    if (status === 'failed') continue
    for (const { vmnet, ipv4 = '', mac = 'MAC at power-on', gateway } of identity?.nics ?? []) {
      const subnet = subnetOf(ipv4)
      const key = vmnet ?? subnet ?? (ipv4 === 'dhcp' ? 'Addresses by DHCP' : 'Network not known')
      const network = found.get(key) ?? {
        members: [],
        gateways: new Set<string>(),
        subnets: new Set<string>(),
      }
      found.set(key, network)
      network.members.push({ clone, address: ipv4 || 'no address', mac })
      if (gateway !== undefined) network.gateways.add(gateway)
      if (subnet !== undefined) network.subnets.add(subnet)
    }
  }
  return [...found]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([name, { members, gateways, subnets }]) => {
      const vmnet = vmnets.find((one) => one.name === name)
      const { mode, hostAddress: hostAdapter } = vmnet ?? {}
      const gateway = vmnet?.gateway ?? only(gateways)
      const subnet = vmnet?.subnet ? `${vmnet.subnet.address}/${vmnet.subnet.prefix}` : only(subnets)
      return {
        name,
        ...(mode === undefined ? {} : { mode }),
        ...(subnet === undefined || subnet === name ? {} : { subnet }),
        ...(hostAdapter === undefined ? {} : { hostAdapter }),
        ...(gateway === undefined ? {} : { gateway }),
        members,
      }
    })
}

function subnetOf(ipv4: string): string | undefined {
  const cidr = parseCidr(ipv4)
  return cidr && `${networkOf(cidr)}/${cidr.prefix}`
}

function only(values: ReadonlySet<string>): string | undefined {
  return values.size === 1 ? [...values][0] : undefined
}
