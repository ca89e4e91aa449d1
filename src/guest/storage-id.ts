import type { IdBearer } from '../transaction/change.ts'

/** An id that stands on one of the VM's disks beside all files. */
export interface StorageId {
  /** The block device that bears it, named as if the VM's disks were the only ones: "/dev/sda1", "/dev/vg/root"; a volume group as "/dev/vg". */
  readonly device: string
  readonly bearer: Exclude<IdBearer, 'vmdk'>
  /** Blkid's name of what bears it: "ext4", "swap", "crypto_LUKS"; of partitions and their tables "gpt" or "dos", of volume groups "lvm2". */
  readonly format: string
  /** As blkid prints it, or LVM. */
  readonly id: string
  /** Physical volumes and volume groups: the group's name. Its ids are renewed together or not at all. */
  readonly group?: string
  /** Containers and volume groups: where the guest mounts what stands in it, /boot as a directory too, and "swap" if some of it is that. */
  readonly carries?: readonly string[]
  /** Containers and volume groups: why the id cannot be set. */
  readonly obstacle?: string
}

/** Of LVM: capital letters and small ones differ. */
const OF_LVM = /^.{6}(-.{4}){5}-.{6}$/

/** True if two texts are the same id: letter case counts in those of LVM, and in no others, which are numbers. */
export function sameId(one: string, other: string): boolean {
  return one === other || (!OF_LVM.test(one) && one.toLowerCase() === other.toLowerCase())
}
