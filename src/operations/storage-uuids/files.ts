import type { GuestNode, GuestRead, GuestTree } from '../../guest/tree.ts'
import { KERNEL_ARGUMENT_READS } from '../kernel-arguments.ts'
import { idsIn } from './mentions.ts'

export const CRYPTTAB = '/etc/crypttab'
/** Tables in which lines of comment are for people alone. */
export const TABLES: readonly string[] = ['/etc/fstab', CRYPTTAB]

/** Where boot loaders find their file systems and the kernel its root. */
export const BOOT_FILES: readonly string[] = [
  ...KERNEL_ARGUMENT_READS,
  '/boot/grub/custom.cfg',
  '/boot/grub2/custom.cfg',
  '/boot/extlinux.conf',
  '/boot/syslinux/syslinux.cfg',
  '/boot/refind_linux.conf',
  '/boot/efi/EFI/*/*.conf',
  '/boot/efi/loader/entries/*.conf',
  '/efi/loader/entries/*.conf',
]

/** Kernel arguments that dracut builds into what it makes (dracut.cmdline(7), kernel_cmdline= of dracut.conf(5)). */
export const DRACUT_ARGUMENTS: readonly string[] = [
  '/etc/cmdline.d/*.conf',
  '/etc/dracut.conf',
  '/etc/dracut.conf.d/*.conf',
]

/** What else names file systems and partitions by their ids. */
const OTHERS: readonly string[] = [
  ...DRACUT_ARGUMENTS,
  '/etc/grub.d/*',
  '/etc/initramfs-tools/initramfs.conf',
  '/etc/initramfs-tools/conf.d/*',
  '/etc/sysconfig/bootloader',
  '/etc/systemd/system/*.mount',
  '/etc/systemd/system/*.automount',
  '/etc/systemd/system/*.swap',
  '/etc/udev/rules.d/*.rules',
  '/etc/uswsusp.conf',
  '/etc/lvm/archive/*.vg',
  '/etc/lvm/backup/*',
]

/** Text that is built into what boots: ids named there cannot be replaced. */
export const BUILT_IN: readonly string[] = [
  '/boot/grub/*/load.cfg',
  '/boot/grub2/*/load.cfg',
  '/etc/lilo.conf',
]

/** What the signed images of GRUB read first; where it is, that image boots, and not the one that has load.cfg built in. */
export const EFI_STUBS = '/boot/efi/EFI/*/grub.cfg'

/** LVM's own configuration, of which initramfs-tools and dracut make a copy. */
export const LVM_CONFIGURATION: readonly string[] = ['/etc/lvm/lvm.conf', '/etc/lvm/lvmlocal.conf']
/** Which devices LVM looks at, by what they hold (lvmdevices(8)). */
export const LVM_DEVICES: readonly string[] = ['/etc/lvm/devices/*.devices']

/** Kernels that carry their own command line. */
export const UNIFIED_KERNELS: readonly string[] = ['/boot', '/boot/efi', '/efi'].map(
  (esp) => `${esp}/EFI/Linux/*.efi`,
)

export const INITRAMFS: readonly string[] = ['/boot/initrd*', '/boot/initramfs*']
/** What makes them. */
export const DRACUT = '/usr/lib/dracut/dracut-functions.sh'
export const INITRAMFS_TOOLS = '/usr/share/initramfs-tools/functions'
export const MKINITCPIO = '/etc/mkinitcpio.conf'

/** Every file in which ids are replaced. */
export const MENTIONS: readonly string[] = [...TABLES, ...BOOT_FILES, ...LVM_DEVICES, ...OTHERS]

export const STORAGE_READS: readonly GuestRead[] = [
  ...MENTIONS,
  ...BUILT_IN,
  ...LVM_CONFIGURATION,
  ...[
    ...UNIFIED_KERNELS,
    ...INITRAMFS,
    ...[`${CRYPTTAB}.initramfs`, DRACUT, INITRAMFS_TOOLS, MKINITCPIO],
  ].map((path) => ({ path, attributes: true as const })),
]

/** The files that these patterns lead to, links followed, each once, sorted by path. */
export function filesLedTo(tree: GuestTree, patterns: readonly string[]): GuestNode[] {
  const found = new Map<string, GuestNode>()
  for (const pattern of patterns) {
    for (const { path } of tree.glob(pattern)) {
      const node = tree.file(path)
      if (node !== undefined) found.set(node.path, node)
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The ids that these files name, in lower case, each with one that does. */
export function namedIn(tree: GuestTree, patterns: readonly string[]): Map<string, string> {
  const files = filesLedTo(tree, patterns)
  return new Map(
    files.flatMap(({ path }) => [...idsIn(tree.text(path) ?? '')].map((id) => [id, path] as const)),
  )
}
