import type { IdBearer } from '../transaction/change.ts'

/** An id that stands on one of the VM's disks beside all files. */
export interface StorageId {
  /** The block device that bears it, named as if the VM's disks were the only ones: "/dev/sda1", "/dev/vg/root". */
  readonly device: string
  readonly bearer: Exclude<IdBearer, 'vmdk'>
  /** Blkid's name of what bears it: "ext4", "swap", "crypto_LUKS"; of partitions and their tables "gpt" or "dos". */
  readonly format: string
  /** As blkid prints it. */
  readonly id: string
  /** Containers: where the guest mounts what stands in it, /boot as a directory too, and "swap" if some of it is that. */
  readonly carries?: readonly string[]
  /** Containers: why the id cannot be set. */
  readonly obstacle?: string
}
