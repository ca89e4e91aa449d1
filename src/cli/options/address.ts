import { toIp, toIpv4, toIpv4AndPrefix, toIpv6, toIpv6AndPrefix, toNetmask, toPrefix } from './addresses.ts'
import type { Option } from './option.ts'
import { listOf, oneOfOr, toDomain, toLine, toSwitch } from './parsers.ts'

/** Where the clone stands in the network. */
export const ADDRESS_OPTIONS = {
  ip: {
    value: 'ADDRESS[/PREFIX]',
    group: 'Address',
    description: 'IPv4 address, with or without its prefix length',
    default: 'the address stays as it is',
    byVm: true,
    parse: toIpv4AndPrefix,
  },
  prefix: {
    value: 'LENGTH',
    group: 'Address',
    description: 'prefix length, such as 24',
    default:
      'from --ip, else the guest’s own if the address lies in its subnet, else the VMnet’s, else 24 with a notice',
    byVm: true,
    parse: toPrefix,
  },
  netmask: {
    value: 'MASK',
    group: 'Address',
    description: 'the same as a netmask, such as 255.255.255.0',
    byVm: true,
    parse: toNetmask,
  },
  gateway: {
    value: 'ADDRESS',
    group: 'Address',
    description: 'default gateway, or none',
    default:
      'the guest’s own if it lies in the new subnet, else the VMnet’s, else that of the last DHCP lease',
    byVm: true,
    parse: oneOfOr(['none'], toIpv4),
  },
  dns: {
    value: 'ADDRESS[,…]',
    repeat: true,
    group: 'Address',
    description: 'DNS servers, separated by commas',
    default: 'the guest’s own, else the VMnet’s or the lease’s, else none with a notice',
    byVm: true,
    parse: listOf(toIp),
  },
  search: {
    value: 'DOMAIN[,…]',
    repeat: true,
    group: 'Address',
    description: 'DNS search domains, separated by commas',
    default: 'the guest’s own',
    byVm: true,
    parse: listOf(toDomain),
  },
  ip6: {
    value: 'ADDRESS/PREFIX',
    group: 'Address',
    description: 'IPv6 address with its prefix length',
    default: 'untouched',
    byVm: true,
    parse: toIpv6AndPrefix,
  },
  gateway6: {
    value: 'ADDRESS',
    group: 'Address',
    description: 'IPv6 default gateway',
    default: 'untouched',
    byVm: true,
    parse: toIpv6,
  },
  dhcp: {
    group: 'Address',
    description: 'take the IPv4 address by DHCP; not with --ip',
    byVm: true,
    parse: toSwitch,
  },
  profile: {
    value: 'NAME',
    group: 'Address',
    description: 'the guest’s interface or connection that gets the address',
    default: 'found by MAC, then by slot name, then by default route, then the only one; else refused',
    byVm: true,
    parse: toLine,
  },
} as const satisfies Record<string, Option>
