import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import { networkUnknown, observeNetwork } from '../../src/network/detect.ts'
import { READERS, script } from '../support/ifcfg-guest.ts'
import { ifupdownGuest, interfacesFixture, link } from '../support/ifupdown-guest.ts'
import { netctlGuest } from '../support/netctl-guest.ts'
import { WICKED } from '../support/wicked-guest.ts'

const wants = (unit: string) =>
  link(`/etc/systemd/system/multi-user.target.wants/${unit}`, `/lib/systemd/system/${unit}`)
const manager = wants('NetworkManager.service')
const networkd = wants('systemd-networkd.service')
const managed = (value: string) =>
  guestFile(
    '/etc/NetworkManager/NetworkManager.conf',
    `[main]\nplugins=ifupdown,keyfile\n\n[ifupdown]\nmanaged=${value}\n`,
  )
const netplan = guestFile(
  '/etc/netplan/01.yaml',
  'network:\n  version: 2\n  ethernets:\n    ens33: {dhcp4: true}\n',
)
const program = guestFile('/usr/sbin/netplan', '')
const keyfile = (name: string) =>
  guestFile(
    `/etc/NetworkManager/system-connections/${name}.nmconnection`,
    `[connection]\nid=${name}\ntype=ethernet\ninterface-name=${name}\n\n[ipv4]\nmethod=auto\n`,
    { mode: 0o600 },
  )
const unit = (name: string, directory = '/etc') =>
  guestFile(
    `${directory}/systemd/network/10-${name}.network`,
    `[Match]\nName=${name}\n\n[Network]\nDHCP=yes\n`,
  )
const ifcfg = script('ifcfg-ens33', 'DEVICE=ens33\nBOOTPROTO=dhcp\n')
const suse = guestFile('/etc/sysconfig/network/ifcfg-eth0', "BOOTPROTO='dhcp'\n")
const runlevel = (name: string) => link(`/etc/runlevels/default/${name}`, `/etc/init.d/${name}`)
const netEth0 = runlevel('net.eth0')
const interfaces = ifupdownGuest(interfacesFixture('dhcp')).nodes()

// Which dialect is in force, the profiles with theirs, and the rivals.
describe('observeNetwork', () => {
  it.each<[string, readonly GuestNode[], string, string[], string[]]>([
    ['ifupdown alone', interfaces, 'ifupdown', ['ens33'], []],
    [
      'NetworkManager that leaves ifupdown alone',
      [...interfaces, manager, managed('false')],
      'ifupdown',
      ['ens33'],
      [],
    ],
    [
      'NetworkManager that takes its NICs',
      [...interfaces, manager, managed('true')],
      'keyfile',
      ['Wired connection 1'],
      ['ifupdown'],
    ],
    ['ifupdown and networkd without a file', [...interfaces, networkd], 'ifupdown', ['ens33'], []],
    [
      'ifupdown and networkd for the same NIC',
      [...interfaces, networkd, unit('ens33')],
      'systemd-networkd',
      ['ens33'],
      ['ifupdown'],
    ],
    [
      'ifupdown and networkd for another',
      [...interfaces, networkd, unit('ens34')],
      'systemd-networkd',
      ['ens34', 'ens33'],
      [],
    ],
    ['netplan, its backend unseen', [netplan, program, networkd], 'netplan', ['ens33'], []],
    ['netplan and ifupdown', [...interfaces, netplan, program], 'netplan', ['ens33'], ['ifupdown']],
    ['netplan’s files without netplan', [...interfaces, netplan], 'ifupdown', ['ens33'], []],
    [
      'netplan and a networkd file of its own',
      [netplan, program, networkd, unit('ens33')],
      'netplan',
      ['ens33'],
      ['systemd-networkd'],
    ],
    ['NetworkManager alone', [manager], 'keyfile', ['Wired connection 1'], []],
    [
      'NetworkManager and networkd without a file',
      [manager, networkd, keyfile('ens33')],
      'keyfile',
      ['ens33', 'Wired connection 1'],
      [],
    ],
    [
      'NetworkManager and networkd with one',
      [manager, networkd, unit('ens33')],
      'systemd-networkd',
      ['ens33'],
      [],
    ],
    [
      'NetworkManager and networkd with the vendor’s',
      [manager, networkd, unit('ens33', '/usr/lib')],
      'keyfile',
      ['Wired connection 1'],
      [],
    ],
    [
      'both for one NIC',
      [manager, networkd, keyfile('ens33'), unit('ens33')],
      'keyfile',
      ['ens33'],
      ['systemd-networkd'],
    ],
    [
      'each for its own',
      [manager, networkd, keyfile('ens33'), unit('ens34')],
      'keyfile',
      ['ens33', 'ens34'],
      [],
    ],
    ['ifcfg by NetworkManager', [...READERS.NetworkManager, ifcfg], 'ifcfg', ['ens33'], []],
    ['ifcfg by the scripts', [...READERS.scripts, ifcfg], 'ifcfg', ['ens33'], []],
    [
      'ifcfg and a keyfile for another NIC',
      [...READERS.NetworkManager, ifcfg, keyfile('ens34')],
      'keyfile',
      ['ens34', 'ens33'],
      [],
    ],
    [
      'ifcfg and a keyfile for the same',
      [...READERS.NetworkManager, ifcfg, keyfile('ens33')],
      'keyfile',
      ['ens33'],
      ['ifcfg'],
    ],
    [
      'ifcfg and networkd for the same NIC',
      [...READERS.scripts, networkd, ifcfg, unit('ens33')],
      'ifcfg',
      ['ens33'],
      ['systemd-networkd'],
    ],
    [
      'a manager that is not supported besides',
      [...interfaces, wants('wicd.service')],
      'ifupdown',
      ['ens33'],
      ['wicd'],
    ],
    ['ifupdown and ConnMan', [...interfaces, wants('connman.service')], 'ifupdown', ['ens33'], ['connman']],
    ['ifupdown and dhcpcd', [...interfaces, wants('dhcpcd.service')], 'ifupdown', ['ens33'], ['dhcpcd']],
    [
      'ifupdown and dhcpcd that leaves its NIC alone',
      [
        ...interfaces,
        wants('dhcpcd.service'),
        guestFile('/etc/dhcpcd.conf', 'denyinterfaces ens33\ninterface ens34\n'),
      ],
      'ifupdown',
      ['ens33', 'ens34'],
      [],
    ],
    [
      'wicked, and network scripts of another family that nobody reads',
      [...WICKED, guestFile('/etc/sysconfig/network/ifcfg-eth0', "BOOTPROTO='dhcp'\n"), ifcfg],
      'wicked',
      ['eth0'],
      [],
    ],
    ['NetworkManager in place of wicked', [manager, suse], 'keyfile', ['Wired connection 1'], []],
    [
      'netctl and a networkd file for one NIC',
      [networkd, unit('ens33'), ...netctlGuest('Interface=ens33\nConnection=ethernet\nIP=dhcp\n').nodes()],
      'systemd-networkd',
      ['ens33'],
      ['netctl'],
    ],
    ['netifrc and dhcpcd for one NIC', [netEth0, runlevel('dhcpcd')], 'netifrc', ['eth0'], ['dhcpcd']],
    [
      'Slackware with NetworkManager',
      [
        guestFile('/etc/rc.d/rc.networkmanager', '', { mode: 0o755 }),
        guestFile('/etc/rc.d/rc.inet1', '', { mode: 0o755 }),
        guestFile('/etc/rc.d/rc.inet1.conf', 'IPADDR[0]=""\nUSE_DHCP[0]=""\n'),
      ],
      'keyfile',
      ['Wired connection 1'],
      [],
    ],
  ])('%s', (_, nodes, dialect, profiles, rivals) => {
    const network = observeNetwork(new GuestTree(nodes))
    expect(network?.evidence.dialect).toBe(dialect)
    expect(network?.profiles.map(({ name }) => name)).toEqual(profiles)
    expect((network?.rivals ?? []).map((one) => one.dialect)).toEqual(rivals)
  })

  it.each<[string, GuestNode[], RegExp]>([
    [
      'nothing',
      [],
      /looked for netplan, keyfile, ifcfg, systemd-networkd, wicked, ifupdown, netctl, netifrc, rc\.inet1, rc\.local, dhcpcd, connman$/,
    ],
    ['wicd', [wants('wicd.service')], /found wicd/],
  ])('finds none in a guest with %s, and says what it looked for', (_, nodes, message) => {
    expect(observeNetwork(new GuestTree(nodes))).toBeUndefined()
    expect(networkUnknown(new GuestTree(nodes))).toMatchObject({
      code: 'NETWORK_UNKNOWN',
      message: expect.stringMatching(message),
    })
  })
})
