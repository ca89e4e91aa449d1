import { VmcloneError } from '../errors/index.ts'
import { type Change, guestFiles, idsAt } from '../transaction/change.ts'
import type { Guest } from './guest.ts'
import { filesHolding, type Holding } from './holding.ts'
import { readTree } from './reader.ts'
import { runScript } from './script/run.ts'
import type { Script } from './script/script.ts'
import { SELINUX_READS, usesSelinux } from './selinux.ts'
import type { Session } from './session.ts'
import { diskName } from './storage/disk-name.ts'
import type { FoundStorage, MountedFilesystem, VolumeGroup } from './storage/facts.ts'
import { readIds } from './storage/ids.ts'
import { keepable, mountStorage } from './storage/mount.ts'
import { renamer } from './storage/rename.ts'
import { writeIds } from './storage/write-ids.ts'
import type { StorageId } from './storage-id.ts'
import type { GuestRead, GuestTree } from './tree.ts'
import { compare, compareIds, type Mismatch } from './verify.ts'
import { applyChanges, labelOf } from './writer.ts'

/** A guest whose file systems are mounted in an appliance. */
export class ApplianceGuest implements Guest {
  readonly storage: readonly MountedFilesystem[]
  readonly volumeGroups?: readonly VolumeGroup[]
  readonly selinux: boolean
  readonly #session: Session
  readonly #end: () => Promise<void>
  readonly #found: FoundStorage
  /** The VM's disks as the appliance names them; absent: it has no others. */
  readonly #disks: readonly string[] | undefined
  /** Labels that new files were given. */
  readonly #labels = new Map<string, string>()
  #written = false
  #scripted = false

  private constructor(
    session: Session,
    storage: FoundStorage,
    selinux: boolean,
    { end, disks }: { readonly end: () => Promise<void>; readonly disks?: readonly string[] },
  ) {
    this.#session = session
    this.#end = end
    this.#found = storage
    this.#disks = disks
    this.storage = storage.mounts
    if (storage.volumeGroups.length > 0) this.volumeGroups = storage.volumeGroups
    this.selinux = selinux
  }

  /**
   * Mounts what was found, for reading alone or for writing. `end`: what close() does. `selinux`: whether it is used, if that is known.
   * `disks`: those of the guest, where the appliance has others too.
   */
  static async mount(
    session: Session,
    storage: FoundStorage,
    {
      readonly,
      end,
      selinux,
      disks,
    }: {
      readonly readonly: boolean
      readonly end: () => Promise<void>
      readonly selinux?: boolean
      readonly disks?: readonly string[]
    },
  ): Promise<ApplianceGuest> {
    await mountStorage(session, storage.mounts, readonly)
    const uses = selinux ?? usesSelinux(await readTree(session, SELINUX_READS, false))
    return new ApplianceGuest(session, storage, uses, { end, ...(disks === undefined ? {} : { disks }) })
  }

  read(reads: readonly GuestRead[]): Promise<GuestTree> {
    return readTree(this.#session, reads, this.selinux)
  }

  async storageIds(): Promise<StorageId[]> {
    const { systems } = this.#found
    if (systems > 1)
      throw new VmcloneError(
        'SEVERAL_OPERATING_SYSTEMS',
        `the VM holds ${systems} Linux systems, of which one alone would follow new UUIDs on their disks`,
        { hint: 'Leave storage-uuids out.' },
      )
    const ids = await readIds(this.#session, this.#found)
    const ownName = renamer(this.#disks ?? [], ownNames(this.#disks ?? []))
    return ids.map((id) => ({ ...id, device: ownName(id.device) }))
  }

  holding(places: readonly string[], words: readonly string[]): Promise<Holding> {
    return filesHolding(this.#session, places, words)
  }

  async write(changes: readonly Change[]): Promise<void> {
    this.#written = true
    if (this.selinux) await this.#noteLabels(changes)
    await applyChanges(this.#session, changes, this.selinux)
    const ids = idsAt('storage', changes)
    if (ids.length === 0) return
    await this.#session.run('umount-all')
    await writeIds(this.#session, ids, renamer(ownNames(this.#disks ?? []), this.#disks ?? []))
    await mountStorage(this.#session, this.storage, false)
  }

  /** Runs a script over the mounted guest. Throws SCRIPT_FAILED. */
  async run(script: Script): Promise<void> {
    this.#written = true
    this.#scripted = true
    await runScript(this.#session, script)
  }

  async verify(changes: readonly Change[]): Promise<Mismatch[]> {
    if (this.#written) {
      // What is mounted anew comes from the disk: the kernel keeps no pages of what is unmounted.
      const { ok, error } = await this.#session.attempt('umount-all')
      if (!ok) throw this.#stuck(error)
      await mountStorage(this.#session, this.storage, true)
    }
    const paths = guestFiles(changes).map(({ path }) => path)
    const kept = changes.map((change) => keepable(change, this.storage))
    const ids = idsAt('storage', changes)
    return [
      ...compare(kept, await this.read(paths), this.#labels),
      ...(ids.length === 0 ? [] : compareIds(ids, await this.storageIds())),
    ]
  }

  close(): Promise<void> {
    return this.#end()
  }

  kill(): Promise<void> {
    return this.#session.kill()
  }

  #stuck(error: string): VmcloneError {
    if (!this.#scripted) return new VmcloneError('GUESTFISH_FAILED', `umount-all failed: ${error}`)
    return new VmcloneError(
      'SCRIPT_FAILED',
      `after the --with scripts the guest cannot be unmounted: ${error}`,
      {
        hint: 'Let the script close what it opens: swapoff-file after swapon-file, hivex-close after hivex-open.',
      },
    )
  }

  /** The label that each written file must have afterwards: the one it has, or the one that it is to get. */
  async #noteLabels(changes: readonly Change[]): Promise<void> {
    const guest = guestFiles(changes)
    const models = guest.flatMap((change) =>
      change.kind === 'write' && change.labelLike !== undefined ? [change.labelLike] : [],
    )
    const paths = [...guest.map(({ path }) => path), ...models]
    const tree = await this.read(paths.map((path) => ({ path, attributes: true })))
    let now = tree
    for (const change of guest) {
      if (change.kind !== 'remove') {
        const node = now.entry(change.path)
        const label = node ? node.label : labelOf(tree, change)
        if (label !== undefined) this.#labels.set(change.path, label)
      }
      now = now.with([change])
    }
  }
}

/** What these disks would be called if there were no others. */
function ownNames(disks: readonly string[]): string[] {
  return disks.map((_, at) => diskName(at))
}
