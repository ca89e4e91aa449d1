import type { Layout, Stack } from './guest.ts'

/** A network stack of Debian that is proven by booting clones of it; docs/guests.md is made from these. */
export interface BootedStack {
  readonly stack: Stack
  /** The dialect whose files are edited. */
  readonly dialect: string
  readonly title: string
  /** A disk with a NoCloud seed of a new instance is in each clone when it boots. */
  readonly newInstance?: boolean
}

/** Each is booted as a pair: one clone fixed from DHCP, the other from a static address. */
export const BOOTED_STACKS: readonly BootedStack[] = [
  { stack: 'networkmanager', dialect: 'keyfile', title: 'NetworkManager, keyfiles' },
  { stack: 'netplan-networkd', dialect: 'netplan', title: 'netplan with systemd-networkd' },
  { stack: 'netplan-networkmanager', dialect: 'netplan', title: 'netplan with NetworkManager' },
  { stack: 'networkd', dialect: 'systemd-networkd', title: 'systemd-networkd with systemd-resolved' },
  {
    stack: 'netplan-cloud-init',
    dialect: 'netplan',
    title: 'netplan from cloud-init, booted as a new instance',
    newInstance: true,
  },
  { stack: 'dhcpcd', dialect: 'dhcpcd', title: 'dhcpcd' },
  { stack: 'connman', dialect: 'connman', title: 'ConnMan' },
  { stack: 'ifupdown-ng', dialect: 'ifupdown', title: 'ifupdown-ng' },
]

/** A storage layout of Debian that is proven by booting a clone on it; docs/guests.md is made from these. */
export interface BootedLayout {
  readonly layout: Layout
  readonly title: string
  /** File in the built guest's facts that opens its disk. */
  readonly key?: string
}

/** They boot side by side. */
export const BOOTED_LAYOUTS: readonly [BootedLayout, BootedLayout] = [
  { layout: 'btrfs', title: 'btrfs, with the root and /home in subvolumes' },
  { layout: 'luks', title: 'XFS on LVM on LUKS2, opened by a key file, with /boot on ext4', key: 'disk.key' },
]
