import type { StorageId } from '../../guest/storage-id.ts'
import type { GuestTree } from '../../guest/tree.ts'
import {
  BOOT_FILES,
  CRYPTTAB,
  DRACUT,
  DRACUT_ARGUMENTS,
  INITRAMFS_TOOLS,
  MKINITCPIO,
  namedIn,
} from './files.ts'
import { idsIn } from './mentions.ts'

/** What every initramfs brings to light itself. */
export const EARLY: ReadonlySet<string> = new Set(['/', '/usr', '/etc', 'swap'])
/** crypttab(5) of Debian, of systemd, and dracut's: the initramfs unlocks it too. */
const EARLY_OPTION = /^(initramfs|x-initrd\.attach|force)$/

/**
 * Which LUKS headers the guest could not boot without. An initramfs holds the UUIDs of the volumes that it unlocks, and waits for them in
 * vain: initramfs-tools in /cryptroot/crypttab, dracut in /etc/crypttab and /etc/cmdline.d. That of mkinitcpio has the kernel's
 * arguments alone, unless there is an /etc/crypttab.initramfs.
 */
export function luksPins(tree: GuestTree): (id: StorageId) => string | undefined {
  const sources = [...BOOT_FILES, ...(tree.exists(DRACUT) ? DRACUT_ARGUMENTS : [])]
  const named = namedIn(tree, sources)
  const early = earlyInCrypttab(tree)
  const others = [`${CRYPTTAB}.initramfs`, DRACUT, INITRAMFS_TOOLS]
  const copies = !tree.exists(MKINITCPIO) || others.some((path) => tree.exists(path))
  return ({ id, carries = [], obstacle }) => {
    if (obstacle !== undefined) return obstacle
    if (carries.includes('/boot')) return 'GRUB has that UUID built in, by which it unlocks /boot'
    const isNamed = named.has(id.toLowerCase())
    const isEarly = early.has(id.toLowerCase()) || carries.some((use) => EARLY.has(use))
    return (copies && isNamed) || (isEarly && (copies || !isNamed))
      ? 'the initramfs unlocks it by that UUID'
      : undefined
  }
}

function earlyInCrypttab(tree: GuestTree): Set<string> {
  const lines = (tree.text(CRYPTTAB) ?? '').split('\n').map((line) => line.trim().split(/\s+/))
  const found = lines.filter(([, , , options = '']) =>
    options.split(',').some((option) => EARLY_OPTION.test(option)),
  )
  return new Set(found.flatMap((words) => [...idsIn(words.join(' '))]))
}
