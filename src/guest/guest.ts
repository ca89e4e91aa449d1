import type { Change } from '../transaction/change.ts'
import { ApplianceGuest } from './appliance-guest.ts'
import type { Holding } from './holding.ts'
import { type LaunchOptions, launch } from './launch.ts'
import type { FoundStorage, MountedFilesystem, VolumeGroup } from './storage/facts.ts'
import { findStorage } from './storage/find.ts'
import { KeyRing } from './storage/keys.ts'
import { MoreMemoryNeeded, UNLOCKING_MEMORY } from './storage/luks.ts'
import type { StorageId } from './storage-id.ts'
import type { GuestRead, GuestTree } from './tree.ts'
import type { Mismatch } from './verify.ts'

/** A guest's file system, opened: what lies behind it is its own matter. */
export interface Guest {
  /** What is mounted where, "/" first. */
  readonly storage: readonly MountedFilesystem[]
  /** The LVM volume groups of the VM's disks; absent if there are none. */
  readonly volumeGroups?: readonly VolumeGroup[]
  /** True if the guest uses SELinux: files then have labels. */
  readonly selinux: boolean
  /** What these patterns match, with the directories on the way and the targets of links. */
  read(reads: readonly GuestRead[]): Promise<GuestTree>
  /**
   * The ids of what stands on the VM's disks, as they are now; none for a plain tree. Throws SEVERAL_OPERATING_SYSTEMS where others than
   * the guest may go by them.
   */
  storageIds(): Promise<StorageId[]>
  /** Which regular files at these real paths and below them hold one of these ASCII words, in lower case here and in any there. */
  holding(places: readonly string[], words: readonly string[]): Promise<Holding>
  /** Makes the changes of the guest's files, in their order, then those of ids in its storage. */
  write(changes: readonly Change[]): Promise<void>
  /** Says what on the disk is not as planned: content, mode, owner, label, absence, ids. What was written is flushed first and read back. */
  verify(changes: readonly Change[]): Promise<Mismatch[]>
  /** Ends in order, with everything written out. Safe to call twice. */
  close(): Promise<void>
  /** Ends at once, and waits until nothing has the disks open any more. */
  kill(): Promise<void>
}

export interface OpenGuestOptions extends LaunchOptions {
  /** The root file system's device, or DEVICE:SUBVOLUME, where there are several systems. */
  readonly root?: string
  /** What an earlier look at the same disks found; saves looking again. Not for disks that must be unlocked. */
  readonly storage?: FoundStorage
  /** Keys of encrypted volumes, and whom to ask. */
  readonly keys?: KeyRing
}

/** Starts an appliance, finds the guest's file systems and mounts them; writable if the first drive is. */
export async function openGuest(options: OpenGuestOptions): Promise<ApplianceGuest> {
  const keys = options.keys ?? new KeyRing()
  const memory = options.memory ?? (keys.isEmpty ? undefined : UNLOCKING_MEMORY)
  const session = await launch({ ...options, ...(memory === undefined ? {} : { memory }) })
  try {
    const readonly = options.drives.every((drive) => drive.readonly)
    const storage = options.storage ?? (await findStorage(session, keys, options.root))
    return await ApplianceGuest.mount(session, storage, { readonly, end: () => session.close() })
  } catch (error) {
    await session.close()
    if (error instanceof MoreMemoryNeeded) return openGuest({ ...options, keys, memory: error.memory })
    throw error
  }
}
