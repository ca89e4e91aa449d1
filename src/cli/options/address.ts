import type { Option } from './option.ts'

/** Where the clone stands in the network. */
export const ADDRESS_OPTIONS = {
  ip: {
    value: 'ADDRESS[/PREFIX]',
    example: '192.168.8.12/24',
    group: 'Address',
    description: 'IPv4 address, with or without its prefix length',
    default: 'the address stays as it is',
    byVm: true,
  },
  prefix: {
    value: 'LENGTH',
    example: '24',
    group: 'Address',
    description: 'prefix length, such as 24',
    default:
      'from --ip, else the guest’s own if the address lies in its subnet, else the VMnet’s, else 24 with a notice',
    byVm: true,
  },
  netmask: {
    value: 'MASK',
    example: '255.255.255.0',
    group: 'Address',
    description: 'the same as a netmask, such as 255.255.255.0',
    byVm: true,
  },
  gateway: {
    value: 'ADDRESS',
    example: '192.168.8.2',
    group: 'Address',
    description: 'default gateway, or none',
    default:
      'the guest’s own if it lies in the new subnet, else the VMnet’s, else that of the last DHCP lease',
    byVm: true,
  },
  dns: {
    value: 'ADDRESS[,…]',
    example: '192.168.8.2,1.1.1.1',
    repeat: true,
    group: 'Address',
    description: 'DNS servers, separated by commas',
    default: 'the guest’s own, else the VMnet’s or the lease’s, else none with a notice',
    byVm: true,
  },
  search: {
    value: 'DOMAIN[,…]',
    example: 'lab,example.org',
    repeat: true,
    group: 'Address',
    description: 'DNS search domains, separated by commas',
    default: 'the guest’s own',
    byVm: true,
  },
  ip6: {
    value: 'ADDRESS/PREFIX',
    example: 'fd00:8::12/64',
    group: 'Address',
    description: 'IPv6 address with its prefix length',
    default: 'untouched',
    byVm: true,
  },
  gateway6: {
    value: 'ADDRESS',
    example: 'fd00:8::1',
    group: 'Address',
    description: 'IPv6 default gateway',
    default: 'untouched',
    byVm: true,
  },
  dhcp: {
    group: 'Address',
    description: 'take the IPv4 address by DHCP; not with --ip',
    byVm: true,
  },
  profile: {
    value: 'NAME',
    group: 'Address',
    description: 'the guest’s interface or connection that gets the address',
    default: 'found by MAC, then by slot name, then by default route, then the only one; else refused',
    byVm: true,
  },
} as const satisfies Record<string, Option>
