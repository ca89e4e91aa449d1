import { VmcloneError } from '../errors/index.ts'
import { ApplianceGuest } from './appliance-guest.ts'
import { canServe, DiskServer } from './disk-server.ts'
import { type Drive, type LaunchOptions, launch } from './launch.ts'
import type { Session } from './session.ts'
import type { FoundStorage } from './storage/facts.ts'
import { findStorage } from './storage/find.ts'
import { nameInAppliance } from './storage/ids.ts'
import { KeyRing } from './storage/keys.ts'
import { lockAgain, UNLOCKING_MEMORY } from './storage/luks.ts'
import { seeOnly } from './storage/lvm.ts'
import { onOtherDisks } from './storage/rename.ts'

/** The drives of a VM, in the order of its disks. */
export type Machine = readonly Drive[]

/** How several copies of one VM are opened in one appliance. */
export interface SharedOptions extends Omit<LaunchOptions, 'drives'> {
  readonly first: Machine
  /** More of the same number of drives and layout, who may still be in the making when the appliance starts. */
  readonly others?: Promise<readonly Machine[]>
  /** Sizes of a machine's disks in bytes; given, machines are shown to the appliance one at a time if this host can do that. */
  readonly sizes?: readonly number[]
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
 *
 * Where this host can serve disks, the appliance has the drives of one machine, and whoever is opened is put behind them; else
 * it has the drives of all, and no others can be opened.
 */
export class SharedAppliance {
  readonly #session: Session
  readonly #options: SharedOptions
  readonly #keys: KeyRing
  /** Whose drives it has from the start; none if they are served. */
  readonly #machines: readonly Machine[]
  /** Of all drives. */
  readonly #devices: readonly string[]
  readonly #names = new Map<string, string>()
  readonly #server: DiskServer | undefined
  /** Who is behind the served drives. */
  #shown: Machine | undefined
  /** As found on the first machine that was opened. */
  #storage: { readonly found: FoundStorage; readonly disks: readonly string[] } | undefined
  /** With the disks that may be written to. */
  #mounted: { readonly storage: FoundStorage; readonly disks: readonly string[] } | undefined
  /** True if the guest uses SELinux, which its copies do alike. */
  #selinux: boolean | undefined

  private constructor(
    session: Session,
    options: SharedOptions,
    {
      keys,
      machines,
      devices,
      server,
    }: {
      readonly keys: KeyRing
      readonly machines: readonly Machine[]
      readonly devices: readonly string[]
      readonly server: DiskServer | undefined
    },
  ) {
    this.#session = session
    this.#options = options
    this.#keys = keys
    this.#devices = devices
    this.#server = server
    const { first, storage } = options
    this.#machines = machines
    if (server) this.#shown = first
    if (storage) this.#storage = { found: storage, disks: devices.slice(0, first.length) }
  }

  /** Starts the appliance; nothing is mounted. Throws what launch throws. */
  static async start(options: SharedOptions): Promise<SharedAppliance> {
    const { sizes, first, env, signal, onTrace } = options
    if (sizes === undefined || !canServe(env)) return SharedAppliance.#start(options, undefined)
    let server: DiskServer | undefined
    try {
      server = await DiskServer.start(sizes, env)
      await server.insert(first)
      return await SharedAppliance.#start(options, server)
    } catch (error) {
      await server?.close()
      if (signal?.aborted || !(error instanceof Error)) throw error
      onTrace?.(`disks cannot be served, so the appliance gets them all: ${error.message}`)
      return SharedAppliance.#start(options, undefined)
    }
  }

  static async #start(options: SharedOptions, server: DiskServer | undefined): Promise<SharedAppliance> {
    const machines = server ? [] : [options.first, ...((await options.others) ?? [])]
    const drives = server?.drives ?? machines.flat()
    const keys = options.keys ?? new KeyRing()
    const memory = options.memory ?? (keys.isEmpty ? undefined : UNLOCKING_MEMORY)
    const session = await launch({ ...options, drives, ...(memory === undefined ? {} : { memory }) })
    try {
      const devices = (await session.run('list-devices')).split('\n').filter((line) => line !== '')
      return new SharedAppliance(session, options, { keys, machines, devices, server })
    } catch (error) {
      await session.close()
      throw error
    }
  }

  /** True if machines can be opened that were not known at its start. */
  get serves(): boolean {
    return this.#server !== undefined
  }

  /** What was found, named as on the first machine's disks; undefined before a machine was opened. */
  get storage(): FoundStorage | undefined {
    const known = this.#storage
    const own = this.#devices.slice(0, this.#options.first.length)
    return known && onOtherDisks(known.found, known.disks, own)
  }

  /** For what is asked of the appliance besides a guest's files. */
  get session(): Session {
    return this.#session
  }

  /**
   * Mounts a machine's guest; the one before is unmounted first. Its close() unmounts it and brings everything to its disks.
   * Throws the storage errors of errors/guest.ts, MoreMemoryNeeded, QEMU_IMG_FAILED.
   */
  async open(machine: Machine): Promise<ApplianceGuest> {
    await this.leave()
    const disks = await this.#show(machine)
    const readonly = machine.every((drive) => drive.readonly)
    const storage = await this.#find(disks)
    this.#mounted = { storage, disks: readonly ? [] : disks }
    const guest = await ApplianceGuest.mount(this.#session, storage, {
      readonly,
      end: () => this.leave(),
      disks,
      ...(this.#selinux === undefined ? {} : { selinux: this.#selinux }),
    })
    this.#selinux = guest.selinux
    return guest
  }

  /** Unmounts what is mounted; everything is on its disks when this returns. */
  async leave(): Promise<void> {
    if (this.#mounted === undefined) return
    const { physicalVolumes, unlocked } = this.#mounted.storage
    const { disks } = this.#mounted
    this.#mounted = undefined
    const { ok, error } = await this.#session.attempt('umount-all')
    if (!ok) {
      // What is mounted still would be written to the disks that are shown next.
      await this.#session.kill()
      throw new VmcloneError('GUESTFISH_ENDED', `a guest could not be unmounted: ${error}`)
    }
    if (physicalVolumes.length > 0) await this.#session.attempt('vg-activate-all', 'false')
    if (unlocked.length > 0) {
      await lockAgain(this.#session, unlocked)
      // An encrypted logical volume kept its group busy until now.
      if (physicalVolumes.length > 0) await this.#session.run('vg-activate-all', 'false')
    }
    // Of these disks alone: guestfish's own sync takes a tenth of a second for each of them all.
    const names = await Promise.all(disks.map((disk) => this.#nameWithin(disk)))
    if (names.length > 0) await this.#session.run('debug', 'sh', `sync ${names.join(' ')}`)
  }

  /** What the appliance itself calls a disk; as libguestfs does, where it cannot be told what is on it. */
  async #nameWithin(disk: string): Promise<string> {
    const known = this.#names.get(disk)
    if (known !== undefined) return known
    const name = await nameInAppliance(this.#session, disk)
    if (name !== undefined) this.#names.set(disk, name)
    return name ?? disk
  }

  /** Unmounts what is mounted and lets go of its disks, if they are served: nothing has them open then. */
  async release(): Promise<void> {
    await this.leave()
    this.#shown = undefined
    await this.#server?.empty()
  }

  async close(): Promise<void> {
    await this.#session.close()
    await this.#server?.close()
  }

  async kill(): Promise<void> {
    await this.#session.kill()
    await this.#server?.close()
  }

  /** The devices of a machine, which is put behind the drives if they are served. */
  async #show(machine: Machine): Promise<readonly string[]> {
    if (this.#server === undefined) {
      const at = this.#machines.indexOf(machine)
      if (at < 0) throw new TypeError('a machine that was not there when the appliance started')
      const before = this.#machines.slice(0, at).flat().length
      return this.#devices.slice(before, before + machine.length)
    }
    if (this.#shown !== machine) {
      this.#shown = undefined
      await this.#server.insert(machine)
      // What was read of the disks before goes. The kernel may name them otherwise than libguestfs does, so that of all goes.
      await this.#session.run('debug', 'sh', 'blockdev --flushbufs /dev/[sv]d*')
      this.#shown = machine
    }
    return this.#devices
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
