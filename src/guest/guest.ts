import type { Change, WriteChange } from '../transaction/change.ts'
import { type LaunchOptions, launch } from './launch.ts'
import { readTree } from './reader.ts'
import { SELINUX_READS, usesSelinux } from './selinux.ts'
import type { Session } from './session.ts'
import type { FoundStorage, MountedFilesystem, VolumeGroup } from './storage/facts.ts'
import { findStorage } from './storage/find.ts'
import { KeyRing } from './storage/keys.ts'
import { MoreMemoryNeeded } from './storage/luks.ts'
import { keepable, mountStorage } from './storage/mount.ts'
import type { GuestRead, GuestTree } from './tree.ts'
import { compare, type Mismatch } from './verify.ts'
import { applyChanges, labelOf } from './writer.ts'

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
  /** Makes the changes at the guest's side, in their order. */
  write(changes: readonly Change[]): Promise<void>
  /** Flushes everything, reads it back from the disk, and says what is not as planned: content, mode, owner, label, absence. */
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

/** MiB with which to start where a key was given: the most that LUKS2's usual key derivation takes. */
const UNLOCKING_MEMORY = 1344

/** Starts an appliance, finds the guest's file systems and mounts them; writable if the first drive is. */
export async function openGuest(options: OpenGuestOptions): Promise<Guest> {
  const keys = options.keys ?? new KeyRing()
  const memory = options.memory ?? (keys.isEmpty ? undefined : UNLOCKING_MEMORY)
  const session = await launch({ ...options, ...(memory === undefined ? {} : { memory }) })
  try {
    const readonly = options.drives.every((drive) => drive.readonly)
    const storage = options.storage ?? (await findStorage(session, keys, options.root))
    await mountStorage(session, storage.mounts, readonly)
    const selinux = usesSelinux(await readTree(session, SELINUX_READS, false))
    return new ApplianceGuest(session, storage, selinux)
  } catch (error) {
    await session.close()
    if (error instanceof MoreMemoryNeeded) return openGuest({ ...options, keys, memory: error.memory })
    throw error
  }
}

class ApplianceGuest implements Guest {
  readonly storage: readonly MountedFilesystem[]
  readonly volumeGroups?: readonly VolumeGroup[]
  readonly selinux: boolean
  readonly #session: Session
  /** Labels that new files were given. */
  readonly #labels = new Map<string, string>()

  constructor(session: Session, storage: FoundStorage, selinux: boolean) {
    this.#session = session
    this.storage = storage.mounts
    if (storage.volumeGroups.length > 0) this.volumeGroups = storage.volumeGroups
    this.selinux = selinux
  }

  read(reads: readonly GuestRead[]): Promise<GuestTree> {
    return readTree(this.#session, reads, this.selinux)
  }

  async write(changes: readonly Change[]): Promise<void> {
    if (this.selinux) await this.#noteLabels(changes)
    await applyChanges(this.#session, changes, this.selinux)
  }

  async verify(changes: readonly Change[]): Promise<Mismatch[]> {
    await this.#session.runAll([['sync'], ['umount-all'], ['drop-caches', '3']])
    await mountStorage(this.#session, this.storage, true)
    const paths = changes.filter(({ at }) => at === 'guest').map(({ path }) => path)
    const kept = changes.map((change) => keepable(change, this.storage))
    return compare(kept, await this.read(paths), this.#labels)
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  kill(): Promise<void> {
    return this.#session.kill()
  }

  /** The label that each written file must have afterwards: the one it has, or the one that it is to get. */
  async #noteLabels(changes: readonly Change[]): Promise<void> {
    const writes = changes.filter(isGuestWrite)
    const models = writes.flatMap(({ labelLike }) => (labelLike === undefined ? [] : [labelLike]))
    const paths = [...writes.map(({ path }) => path), ...models]
    const tree = await this.read(paths.map((path) => ({ path, attributes: true })))
    for (const change of writes) {
      const node = tree.entry(change.path)
      const label = node ? node.label : labelOf(tree, change)
      if (label !== undefined) this.#labels.set(change.path, label)
    }
  }
}

function isGuestWrite(change: Change): change is WriteChange {
  return change.at === 'guest' && change.kind === 'write'
}
