import { mkdir, realpath, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { VmcloneError } from '../errors/index.ts'
import { syncPath } from './atomic.ts'
import { type Change, idsAt, machineFiles } from './change.ts'
import { stageFiles } from './host-files.ts'
import { allocatedRanges, createOverlay, createUndo } from './images.ts'
import {
  backingOf,
  decideNew,
  type Journal,
  type JournalDisk,
  portablePath,
  readJournal,
  writeJournal,
} from './journal.ts'
import { takeLockWithin } from './lock.ts'
import type { QemuOptions } from './qemu.ts'
import { stageRecord } from './record.ts'
import { type Descriptors, discard, type SettleContext, type Step, settle } from './settle.ts'
import { checkSpace } from './space.ts'
import { makeWorkspace, overlayName, undoName, workspaceOf } from './workspace.ts'

/** The leaf of a disk whose guest files are to be edited. Paths are absolute with links resolved. */
export interface TransactionDisk {
  /** What qemu opens with format=vmdk; a function makes it (a shadow descriptor) in the scratch directory that it is given. */
  readonly path: string | ((scratchDirectory: string) => Promise<string>)
  readonly descriptorPath: string
  /** The descriptor's bytes now. */
  readonly descriptor: Uint8Array
  /** Eight lower-case hex digits. */
  readonly contentId: string
  /** All files of the leaf, descriptor and extents. */
  readonly files: readonly string[]
}

export interface TransactionOptions {
  readonly descriptors: Descriptors
  /** Ends begin and seal with INTERRUPTED; a commit runs to its end. */
  readonly signal?: AbortSignal
  readonly onStep?: (step: Step) => void | Promise<void>
}

/**
 * One change of one VM, all or nothing. Guest edits go into `overlays`; seal decides; commit puts in place. Whoever began it
 * ends it by commit or abort.
 */
export interface Transaction {
  /** qcow2 images, one per disk in their order: absolute paths. */
  readonly overlays: readonly string[]
  /**
   * After the overlays are written, closed and verified: makes all that a commit and its taking back need, then
   * decides for the new VM. Of `changes`, those of the VM's directory are made here; `fixed` is JSON data for readRecord. Throws
   * CHANGED_MEANWHILE, NO_SPACE, QEMU_IMG_FAILED, INTERRUPTED: then abort.
   */
  seal(changes: readonly Change[], vmxPath: string, fixed: unknown): Promise<void>
  /**
   * Puts the new VM in place. If it throws, the old one is in place, but for ROLLBACK_UNFINISHED. Gives why what it worked with could not
   * be taken away, if it could not: recover will.
   */
  commit(): Promise<string | undefined>
  /** Leaves the old VM and nothing else; does nothing once commit was called. */
  abort(): Promise<void>
}

/**
 * Begins to change the VM in a directory: takes its lock and makes an overlay per disk. Throws VM_BUSY,
 * RECOVERY_NEEDED (call recover first), WORKSPACE_UNSAFE, QEMU_IMG_FAILED, TOOL_MISSING, INTERRUPTED; nothing is left then.
 */
export async function begin(
  directory: string,
  disks: readonly TransactionDisk[],
  options: TransactionOptions,
): Promise<Transaction> {
  const real = await realpath(directory)
  const workspace = workspaceOf(real)
  const release = await takeLockWithin(() => makeWorkspace(workspace), workspace.lock)
  if (await readJournal(workspace).catch(() => true)) {
    await release()
    throw new VmcloneError('RECOVERY_NEEDED', `an interrupted run left ${workspace.journal}`)
  }
  const context = { ...options, directory: real, workspace }
  const end = async () => {
    await release()
    await rmdir(workspace.root).catch(() => undefined)
  }
  try {
    await options.onStep?.('locked')
    const journal = await open(context, disks, options)
    await options.onStep?.('overlays')
    return running(context, journal, end, options)
  } catch (error) {
    await discard(workspace)
    await end()
    throw error
  }
}

async function open(
  { directory, workspace, onStep }: SettleContext,
  disks: readonly TransactionDisk[],
  options: QemuOptions,
): Promise<Journal> {
  await rm(workspace.work, { recursive: true, force: true })
  await mkdir(workspace.work, { mode: 0o700 })
  const empty: Journal = { version: 1, state: 'open', directory, disks: [], files: [] }
  await writeJournal(workspace, empty)
  await onStep?.('open')
  const entries: JournalDisk[] = []
  for (const disk of disks) {
    const path = typeof disk.path === 'string' ? disk.path : await disk.path(workspace.work)
    const portable = portablePath(directory, path)
    await createOverlay(join(workspace.work, overlayName(entries.length)), backingOf(portable), options)
    entries.push({
      path: portable,
      descriptorPath: portablePath(directory, disk.descriptorPath),
      descriptor: Buffer.from(disk.descriptor).toString('base64'),
      contentId: disk.contentId,
      files: disk.files.map((file) => portablePath(directory, file)),
      edited: true,
    })
  }
  return { ...empty, disks: entries }
}

function running(
  context: SettleContext,
  opened: Journal,
  end: () => Promise<void>,
  options: QemuOptions,
): Transaction {
  const { workspace } = context
  let journal: Journal | undefined = opened
  return {
    overlays: opened.disks.map((_, index) => join(workspace.work, overlayName(index))),
    async seal(changes, vmxPath, fixed) {
      if (journal?.state !== 'open') throw new TypeError('the transaction is not open')
      await stageRecord(workspace, vmxPath, fixed)
      journal = await seal(context, journal, changes, basename(vmxPath), options)
      await context.onStep?.('commit')
    },
    async commit() {
      if (journal?.state !== 'commit') throw new TypeError('the transaction is not sealed')
      const sealed = journal
      journal = undefined
      try {
        return await settle(context, sealed)
      } finally {
        await end()
      }
    },
    async abort() {
      if (journal === undefined) return
      journal = undefined
      try {
        await discard(workspace)
      } finally {
        await end()
      }
    },
  }
}

async function seal(
  { directory, workspace, descriptors, onStep }: SettleContext,
  journal: Journal,
  all: readonly Change[],
  vmx: string,
  options: QemuOptions,
): Promise<Journal> {
  const { work } = workspace
  const changes = machineFiles(all)
  const ids = idsAt('descriptor', all)
  const disks: JournalDisk[] = []
  const needs = [
    { directory, bytes: changes.reduce((sum, c) => sum + (c.kind === 'write' ? c.after.length : 0), 0) },
  ]
  for (const [index, disk] of journal.disks.entries()) {
    const overlay = join(work, overlayName(index))
    await syncPath(overlay)
    const ranges = await allocatedRanges(overlay, options)
    const id = ids.find(({ path }) => path === disk.descriptorPath)
    const descriptor = id && descriptors.withDiskUuid(Buffer.from(disk.descriptor, 'base64'), id)
    const after = descriptor && { descriptorAfter: Buffer.from(descriptor).toString('base64') }
    disks.push({ ...disk, edited: ranges.length > 0, ...after })
    if (ranges.length === 0 && after === undefined) continue
    const descriptorPath = resolve(directory, disk.descriptorPath)
    if ((await descriptors.readContentId(descriptorPath)) !== disk.contentId)
      throw new VmcloneError('CHANGED_MEANWHILE', `${descriptorPath} was written to during the run`)
    if (ranges.length === 0) continue
    await createUndo(join(work, undoName(index)), backingOf(disk.path), ranges, options)
    const bytes = ranges.reduce((sum, { length }) => sum + length, 0)
    needs.push({ directory: dirname(descriptorPath), bytes })
  }
  await onStep?.('undo')
  const files = await stageFiles(directory, work, changes, vmx)
  await checkSpace(needs)
  await syncPath(work)
  await onStep?.('staged')
  if (options.signal?.aborted) throw new VmcloneError('INTERRUPTED', 'the run was interrupted')
  const sealed: Journal = { ...journal, state: 'commit', disks, files }
  await decideNew(workspace, sealed)
  return sealed
}
