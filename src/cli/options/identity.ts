import type { Option } from './option.ts'

/** What the clone is. */
export const IDENTITY_OPTIONS = {
  name: {
    value: 'NAME',
    group: 'Identity',
    description: 'display name of the VM',
    default: 'kept',
    byVm: true,
  },
  hostname: {
    value: 'NAME',
    example: 'node1',
    group: 'Identity',
    description: 'host name or FQDN, auto or keep',
    default: 'auto: the .vmx file’s base name made a valid label; tree: keep',
    byVm: true,
  },
  mac: {
    value: 'MAC',
    example: 'new',
    group: 'Identity',
    description: 'MAC address, or new, vmware (VMware makes one at power-on), keep',
    default: 'new: a static one from 00:50:56:00:00:00 to 00:50:56:3f:ff:ff; tree: not known',
    byVm: true,
  },
  'old-mac': {
    value: 'MAC',
    example: '00:0c:29:12:34:56',
    group: 'Identity',
    description: 'tree only: the MAC address that the network card had',
    default: 'not known; then what names a MAC address in the guest stays',
  },
  uuid: {
    value: 'UUID',
    example: 'new',
    group: 'Identity',
    description: 'BIOS UUID, or new, vmware (VMware makes one at power-on), keep',
    default: 'new',
    byVm: true,
  },
  'machine-id': {
    value: 'WORD',
    example: 'new',
    group: 'Identity',
    description: 'new, keep or empty (made at the next boot)',
    default: 'new',
  },
  'ssh-keys': {
    value: 'WORD',
    example: 'new',
    group: 'Identity',
    description: 'SSH host keys: new, keep or delete',
    default: 'new',
  },
  nic: {
    value: 'DEVICE,PART=VALUE,…',
    example: '"ethernet1,ip=10.0.0.5/24"',
    repeat: true,
    group: 'Several network cards',
    description:
      'one card: ethernet1 and any of ip=, prefix=, netmask=, gateway=, dns=, search=, ip6=, gateway6=, mac=, profile=, dhcp; lists separated by ";"',
    default: 'the plain options speak of the first present card',
    byVm: true,
  },
  hosts: {
    value: '"IP NAME [ALIAS…]"',
    example: '"192.168.8.11 node1"',
    repeat: true,
    group: 'Names of other machines',
    description:
      'a line for the guest’s /etc/hosts; in a batch also all (every clone names every clone) or own (only itself)',
    default: 'the clone’s own line follows its address and name; batch: all',
    byVm: true,
  },
  'hosts-from': {
    value: 'FILE',
    group: 'Names of other machines',
    description: 'a file in hosts format, whose lines are put in',
    default: 'none',
  },
} as const satisfies Record<string, Option>
