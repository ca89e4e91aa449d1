import { type Cidr, formatIpv4, inSubnet, networkOf, parseIpv4, parseNetmask } from '../ipv4.ts'
import type { Vmnet } from '../model.ts'
import type { DhcpdConf } from './dhcpd.ts'
import type { NatConf } from './nat.ts'
import type { NetworkingEntry } from './networking.ts'

/** What the files say of one VMnet, each absent if it is not there. */
export interface VmnetFiles {
  readonly entry?: NetworkingEntry
  readonly dhcpd?: DhcpdConf
  readonly nat?: NatConf
}

/**
 * One VMnet from its files: nat.conf and dhcpd.conf say more than `networking`, from which host, gateway, name server
 * and DHCP range follow only in a /24 (VMware's fixed offsets: .1, .2, .128 to .254).
 */
export function computeVmnet(name: string, { entry, dhcpd, nat }: VmnetFiles): Vmnet {
  const answers = entry?.answers ?? new Map<string, string>()
  const mode = modeOf(name, answers)
  const reservations = [...(entry?.reservations ?? []), ...(dhcpd?.reservations ?? [])]
  if (mode === 'bridged') return { name, mode, reservations }
  const subnet = dhcpd?.subnet ?? answered(answers) ?? natSubnet(nat)
  const offset = (n: number) => (subnet?.prefix === 24 ? hostIn(subnet, n) : undefined)
  const gateway = mode === 'nat' ? (nat?.gateway ?? dhcpd?.router ?? offset(2)) : undefined
  const dns = nat?.gateway !== undefined && mode === 'nat' ? [nat.gateway] : (dhcpd?.dns ?? [])
  const servers = dns.length > 0 ? dns : gateway === undefined ? [] : [gateway]
  const hostAddress =
    quad(answers.get('VIRTUAL_ADAPTER_ADDR')) ?? dhcpd?.hostAddress ?? nat?.hostAddress ?? offset(1)
  const [first, last] = [offset(128), offset(254)]
  const served = answers.get('DHCP') === 'yes' && first !== undefined && last !== undefined
  const dhcpRange = dhcpd?.range ?? (served ? { first, last } : undefined)
  return {
    name,
    mode,
    ...(subnet ? { subnet } : {}),
    ...(gateway === undefined ? {} : { gateway }),
    ...(servers.length === 0 ? {} : { dns: servers }),
    ...(hostAddress === undefined ? {} : { hostAddress }),
    ...(dhcpRange ? { dhcpRange } : {}),
    reservations: reservations.filter((one) => quad(one.address) !== undefined),
  }
}

function modeOf(name: string, answers: ReadonlyMap<string, string>): Vmnet['mode'] {
  if (!answers.has('VIRTUAL_ADAPTER') && !answers.has('NAT'))
    return name === 'vmnet8' ? 'nat' : name === 'vmnet0' ? 'bridged' : 'hostonly'
  if (answers.get('VIRTUAL_ADAPTER') !== 'yes') return 'bridged'
  return answers.get('NAT') === 'yes' ? 'nat' : 'hostonly'
}

function answered(answers: ReadonlyMap<string, string>): Cidr | undefined {
  const address = quad(answers.get('HOSTONLY_SUBNET'))
  const prefix = parseNetmask(answers.get('HOSTONLY_NETMASK') ?? '')
  if (address === undefined || prefix === undefined) return undefined
  return { address: networkOf({ address, prefix }), prefix }
}

function natSubnet(nat: NatConf | undefined): Cidr | undefined {
  const { gateway: address, prefix } = nat ?? {}
  if (address === undefined || prefix === undefined) return undefined
  return { address: networkOf({ address, prefix }), prefix }
}

function hostIn(subnet: Cidr, n: number): string | undefined {
  const address = formatIpv4(((parseIpv4(subnet.address) ?? 0) + n) >>> 0)
  return inSubnet(address, subnet) ? address : undefined
}

function quad(text: string | undefined): string | undefined {
  return text !== undefined && parseIpv4(text) !== undefined ? text : undefined
}
