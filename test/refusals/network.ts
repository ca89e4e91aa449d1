import type { Place, Refusal } from '../support/refusal.ts'

const ASKED = ['--hostname', 'node1', '--ip', '192.168.8.12/24', '--gateway', '192.168.8.2']

const LINKS = {
  'etc/systemd/system/multi-user.target.wants/networking.service': '/lib/systemd/system/networking.service',
}

/** A guest with these files, asked for an address unless the arguments are given. */
const inGuest =
  (files: Readonly<Record<string, string>>, args: readonly string[] = ASKED) =>
  (place: Place): string[] => ['tree', place.guest(files, LINKS), ...args]

const IFUPDOWN = {
  'etc/network/interfaces': 'auto lo\niface lo inet loopback\n\nauto ens33\niface ens33 inet dhcp\n',
  'etc/debian_version': '12.8\n',
  'usr/sbin/ifup': '',
  'lib/systemd/system/networking.service': '',
}
const interfaces = (...lines: readonly string[]) => ({
  ...IFUPDOWN,
  'etc/network/interfaces': [...lines, ''].join('\n'),
})
const netplan = (...lines: readonly string[]) => ({
  'etc/netplan/01-netcfg.yaml': ['network:', '  version: 2', ...lines.map((line) => `  ${line}`), ''].join(
    '\n',
  ),
  'usr/sbin/netplan': '',
})

/** The guest’s network, and the addresses asked for it. */
export const NETWORK: readonly Refusal[] = [
  {
    code: 'NETWORK_UNKNOWN',
    when: 'nothing configures one',
    request: inGuest({}),
    names: ['network'],
    hint: '--ip',
  },
  {
    code: 'NETWORK_CONFLICT',
    when: 'one NIC has two default routes',
    request: inGuest(
      interfaces(
        'auto ens33',
        'iface ens33 inet static',
        ' address 10.0.0.5/24',
        ' gateway 10.0.0.1',
        'iface ens33 inet static',
        ' address 10.0.1.5/24',
        ' gateway 10.0.1.1',
      ),
    ),
    names: ['ens33', '/etc/network/interfaces:2', '/etc/network/interfaces:5'],
  },
  {
    code: 'NETWORK_UNSUPPORTED',
    when: 'a file is named by a shell expansion',
    request: inGuest(interfaces('source /etc/network/$(hostname)', 'auto ens33', 'iface ens33 inet dhcp')),
    names: ['/etc/network/interfaces:1', 'source'],
  },
  {
    code: 'PROFILE_NOT_FOUND',
    when: 'no interface has the name that was given',
    request: inGuest(IFUPDOWN, [...ASKED, '--profile', 'eth7']),
    names: ['eth7'],
    hint: 'ens33',
  },
  {
    code: 'PROFILE_AMBIGUOUS',
    when: 'two could be meant',
    request: inGuest(interfaces('auto ens33 ens34', 'iface ens33 inet dhcp', 'iface ens34 inet dhcp')),
    names: ['ens33', 'ens34'],
    hint: '--profile',
  },
  {
    code: 'ADDRESS_UNUSABLE',
    when: 'it is that of the network',
    request: inGuest(IFUPDOWN, ['--ip', '192.168.8.0/24', '--gateway', 'none']),
    names: ['192.168.8.0/24', 'ethernet0'],
  },
  {
    code: 'ADDRESS_UNUSABLE',
    when: 'it is that of the gateway',
    request: inGuest(
      interfaces(
        'auto ens33',
        'iface ens33 inet static',
        '  address 192.168.8.10/24',
        '  gateway 192.168.8.1',
      ),
      ['--ip', '192.168.8.1'],
    ),
    names: ['192.168.8.1/24', 'ethernet0', 'gateway'],
  },
  {
    code: 'GATEWAY_UNKNOWN',
    when: 'none is given and none was there',
    request: inGuest(IFUPDOWN, ['--ip', '192.168.8.12/24']),
    names: ['192.168.8.12/24', 'ethernet0'],
    hint: '--gateway',
  },
  {
    code: 'GATEWAY_UNREACHABLE',
    when: 'it lies in another subnet',
    request: inGuest(IFUPDOWN, ['--ip', '192.168.8.12/24', '--gateway', '10.0.0.1']),
    names: ['10.0.0.1', '192.168.8.12/24'],
  },
  {
    code: 'YAML_INVALID',
    when: 'a bracket is not closed',
    request: inGuest(netplan('ethernets:', '  ens33: {dhcp4: [true}')),
    names: ['/etc/netplan/01-netcfg.yaml', '4'],
  },
  {
    code: 'YAML_UNEDITABLE',
    when: 'two interfaces share a node',
    request: inGuest(netplan('ethernets:', '  ens33: &one', '    dhcp4: true', '  ens34: *one'), [
      ...ASKED,
      '--profile',
      'ens34',
    ]),
    names: ['/etc/netplan/01-netcfg.yaml', '6'],
  },
]
