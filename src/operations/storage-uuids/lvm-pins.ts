import type { StorageId } from '../../guest/storage-id.ts'
import type { GuestTree } from '../../guest/tree.ts'
import { LVM_CONFIGURATION, LVM_DEVICES, namedIn } from './files.ts'
import { EARLY } from './luks-pins.ts'

/** Which ids of LVM the guest could not boot without: kernel and initramfs call volumes by their names, few files by ids. */
export function lvmPins(tree: GuestTree): (id: StorageId) => string | undefined {
  const configured = namedIn(tree, LVM_CONFIGURATION)
  const listed = namedIn(tree, LVM_DEVICES)
  return ({ id, carries = [], obstacle }) => {
    if (obstacle !== undefined) return obstacle
    if (carries.includes('/boot'))
      return 'GRUB may have the id of the volume group built in, by which it finds /boot'
    const path =
      configured.get(id.toLowerCase()) ??
      (carries.some((use) => EARLY.has(use)) ? listed.get(id.toLowerCase()) : undefined)
    return path === undefined ? undefined : `the initramfs may have a copy of ${path}, which names it`
  }
}
