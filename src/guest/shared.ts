import { ApplianceGuest } from './appliance-guest.ts'
import type { Guest } from './guest.ts'
import { type Drive, type LaunchOptions, launch } from './launch.ts'
import type { Session } from './session.ts'
import type { FoundStorage } from './storage/facts.ts'
import { findStorage } from './storage/find.ts'
import { KeyRing } from './storage/keys.ts'
import { lockAgain, UNLOCKING_MEMORY } from './storage/luks.ts'
import { seeOnly } from './storage/lvm.ts'
import { onOtherDisks } from './storage/rename.ts'

/** How several copies of one VM are opened in one appliance. */
export interface SharedOptions extends Omit<LaunchOptions, 'drives'> {
  /** The drives of each VM, in the order of its disks; of the same number and layout for all. */
  readonly machines: readonly (readonly Drive[])[]
  /** The root file system's device as the first VM has it, where there are several systems. */
  readonly root?: string
  readonly keys?: KeyRing
  /** What was found on one of the copies when it was alone in an appliance; saves looking again. */
  readonly storage?: FoundStorage
}

/**
 * An appliance that copies of one template share, one mounted at a time. They have the same file system UUIDs, volume
 * groups and LUKS headers: each is shown to LVM alone and taken away again before the next. Not for md RAID (see
 * FoundStorage), and never for VMs of different origin, which must not meet in one appliance.
 */
export class SharedAppliance {
  readonly #session: Session
  readonly #options: SharedOptions
  readonly #keys: KeyRing
  readonly #disks: readonly (readonly string[])[]
  /** As found on the first machine that was opened. */
  #storage: { readonly found: FoundStorage; readonly disks: readonly string[] } | undefined
  #mounted: FoundStorage | undefined

  private constructor(session: Session, options: SharedOptions, keys: KeyRing, devices: readonly string[]) {
    this.#session = session
    this.#options = options
    this.#keys = keys
    this.#disks = options.machines.map((drives, machine) => {
      const before = options.machines.slice(0, machine).flat().length
      return devices.slice(before, before + drives.length)
    })
    if (options.storage)
      this.#storage = { found: options.storage, disks: devices.slice(0, options.machines[0]?.length) }
  }

  /** Starts the appliance; nothing is mounted. Throws what launch throws. */
  static async start(options: SharedOptions): Promise<SharedAppliance> {
    const drives = options.machines.flat()
    const keys = options.keys ?? new KeyRing()
    const memory = options.memory ?? (keys.isEmpty ? undefined : UNLOCKING_MEMORY)
    const session = await launch({ ...options, drives, ...(memory === undefined ? {} : { memory }) })
    try {
      const devices = (await session.run('list-devices')).split('\n').filter((line) => line !== '')
      return new SharedAppliance(session, options, keys, devices)
    } catch (error) {
      await session.close()
      throw error
    }
  }

  /** What was found, named as on the first machine's disks; undefined before a machine was opened. */
  get storage(): FoundStorage | undefined {
    const known = this.#storage
    return known && onOtherDisks(known.found, known.disks, this.#disks[0] ?? [])
  }

  /** For what is asked of the appliance besides a guest's files. */
  get session(): Session {
    return this.#session
  }

  /**
   * Mounts a machine's guest, by its place in `machines`; the one before is unmounted first. Its close() unmounts it and brings
   * everything to its disks. Throws the storage errors of errors/guest.ts, MoreMemoryNeeded.
   */
  async open(machine: number): Promise<Guest> {
    await this.leave()
    const readonly = this.#options.machines[machine]?.every((drive) => drive.readonly) ?? true
    this.#mounted = await this.#find(this.#disks[machine] ?? [])
    return ApplianceGuest.mount(this.#session, this.#mounted, { readonly, end: () => this.leave() })
  }

  /** Unmounts what is mounted; everything is on its disks when this returns. */
  async leave(): Promise<void> {
    if (this.#mounted === undefined) return
    const { physicalVolumes, unlocked } = this.#mounted
    this.#mounted = undefined
    await this.#session.runAll([['sync'], ['umount-all']])
    if (physicalVolumes.length > 0) await this.#session.attempt('vg-activate-all', 'false')
    if (unlocked.length > 0) {
      await lockAgain(this.#session, unlocked)
      // An encrypted logical volume kept its group busy until now.
      if (physicalVolumes.length > 0) await this.#session.run('vg-activate-all', 'false')
    }
    await this.#session.run('sync')
  }

  /** Other disks stand behind a machine's drives now: what the appliance knew of the former ones goes. Nothing of it may be mounted. */
  async forget(machine: number): Promise<void> {
    for (const disk of this.#disks[machine] ?? []) {
      await this.#session.run('blockdev-flushbufs', disk)
      await this.#session.run('blockdev-rereadpt', disk)
    }
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  kill(): Promise<void> {
    return this.#session.kill()
  }

  async #find(disks: readonly string[]): Promise<FoundStorage> {
    const known = this.#storage
    if (known && known.found.unlocked.length === 0) {
      const found = onOtherDisks(known.found, known.disks, disks)
      if (found.physicalVolumes.length > 0) await seeOnly(this.#session, found.physicalVolumes)
      return found
    }
    const found = await findStorage(this.#session, this.#keys, this.#options.root, disks)
    this.#storage ??= { found, disks }
    return found
  }
}
