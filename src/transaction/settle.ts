import { lstat, readdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { asVmcloneError, VmcloneError } from '../errors/index.ts'
import { removeDurably, syncPath, writeAtomic } from './atomic.ts'
import { installFile, restoreFile } from './host-files.ts'
import { commitImage } from './images.ts'
import {
  backingOf,
  decideOld,
  type Journal,
  type JournalDisk,
  type JournalFile,
  writeJournal,
} from './journal.ts'
import { installRecord } from './record.ts'
import { overlayName, ROLLBACK, STAGE, UNDO_FILE, undoName, type Workspace } from './workspace.ts'

/** Reads and mends VMDK descriptors, which this layer knows nothing of; may be repeated. */
export interface Descriptors {
  /** Content id in the descriptor at a path, eight lower-case hex digits. */
  readContentId(path: string): Promise<string | undefined>
  /** Makes the descriptor the original again but for the content id: `contentId`, else the one it has. Returns it. */
  mendDescriptor(path: string, original: Uint8Array, contentId?: string): Promise<string>
  /** The same descriptor with another ddb.uuid. Throws CHANGED_MEANWHILE if it has not the one before. */
  withDiskUuid(original: Uint8Array, uuid: { readonly before: string; readonly after: string }): Uint8Array
}

/** Points that a transaction passes; each has happened when it is told. */
export type Step =
  | 'locked'
  | 'open'
  | 'overlays'
  | 'undo'
  | 'staged'
  | 'commit'
  | 'disk'
  | 'descriptor'
  | 'file'
  | 'record'
  | 'done'
  | 'overlays-removed'
  | 'undo-kept'
  | 'finished'
  | 'rollback'
  | 'disk-back'
  | 'file-back'
  | 'rolled-back'

export interface SettleContext {
  /** Absolute, links resolved. */
  readonly directory: string
  readonly workspace: Workspace
  readonly descriptors: Descriptors
  readonly onStep?: ((step: Step) => void | Promise<void>) | undefined
}

/**
 * Brings a journal in state commit, rollback or done to its end: the new VM, or the old one. Everything in it may be
 * repeated after a kill. Gives why what it worked with could not be taken away, if it could not: then the VM is complete, and the
 * journal stays for another try. Throws COMMIT_FAILED or NO_SPACE with the old VM in place, ROLLBACK_UNFINISHED if it is not.
 */
export async function settle(context: SettleContext, journal: Journal): Promise<string | undefined> {
  if (journal.state === 'rollback') return rollBack(context, journal)
  try {
    if (journal.state === 'commit') await rollForward(context, journal)
  } catch (thrown) {
    const cause = asVmcloneError(thrown)
    await rollBack(context, journal, wordsOf(thrown))
    const code = cause.code === 'NO_SPACE' || cause.code === 'DISK_IN_USE' ? cause.code : 'COMMIT_FAILED'
    throw new VmcloneError(code, `the commit failed and was taken back: ${wordsOf(thrown)}`, { cause })
  }
  return tidyingFault(finish(context))
}

/** Why tidying up failed, if it did. */
export function tidyingFault(tidying: Promise<void>): Promise<string | undefined> {
  return tidying.then(() => undefined, wordsOf)
}

async function rollForward(context: SettleContext, journal: Journal): Promise<void> {
  const { directory, workspace, descriptors, onStep } = context
  const contentIds: string[] = []
  for (const [index, disk] of journal.disks.entries()) {
    if (disk.edited) await commitImage(join(workspace.work, overlayName(index)), backingOf(disk.path))
    await onStep?.('disk')
    contentIds.push(isChanged(disk) ? await mend(descriptors, directory, disk) : disk.contentId)
    await syncDisk(directory, disk)
    await onStep?.('descriptor')
  }
  for (const file of changedFiles(journal)) {
    await installFile(directory, workspace.work, file)
    await onStep?.('file')
  }
  const undo = {
    ...journal,
    disks: journal.disks.map((disk, i) => ({ ...disk, contentIdAfter: contentIds[i] })),
  }
  await writeAtomic(join(workspace.work, UNDO_FILE), Buffer.from(JSON.stringify(undo)), { mode: 0o600 })
  await writeJournal(workspace, { ...journal, state: 'done' })
  await onStep?.('done')
}

/** Overlays go first: that gives back the space that writing the old data may need. */
async function rollBack(
  context: SettleContext,
  journal: Journal,
  reason?: string,
): Promise<string | undefined> {
  const { directory, workspace, descriptors, onStep } = context
  try {
    if (reason !== undefined) await decideOld(workspace)
    await onStep?.('rollback')
    await removeOverlays(workspace)
    for (const [index, disk] of journal.disks.entries()) {
      if (!isChanged(disk)) continue
      if (disk.edited) await commitImage(join(workspace.work, undoName(index)), backingOf(disk.path))
      const original = Buffer.from(disk.descriptor, 'base64')
      await descriptors.mendDescriptor(resolve(directory, disk.descriptorPath), original, disk.contentId)
      await syncDisk(directory, disk)
      await onStep?.('disk-back')
    }
    for (const file of changedFiles(journal)) {
      await restoreFile(directory, workspace.work, file)
      await onStep?.('file-back')
    }
  } catch (cause) {
    const why = reason === undefined ? '' : `${reason}; then: `
    const message = `taking back an unfinished commit failed: ${why}${wordsOf(cause)}`
    throw new VmcloneError('ROLLBACK_UNFINISHED', message, { cause })
  }
  const left = await tidyingFault(discard(workspace))
  await onStep?.('rolled-back')
  return left
}

/** What the system said is no fault in the program. */
function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Needs no space. `work` becomes `undo` in one step; the earlier one goes only when the new one is complete. */
async function finish({ workspace, onStep }: SettleContext): Promise<void> {
  const { work, undo } = workspace
  await installRecord(workspace)
  await onStep?.('record')
  await removeOverlays(workspace)
  for (const name of [STAGE, ROLLBACK]) await rm(join(work, name), { recursive: true, force: true })
  await onStep?.('overlays-removed')
  if (await lstat(join(work, UNDO_FILE)).catch(() => undefined)) {
    await rm(undo, { recursive: true, force: true })
    await rename(work, undo)
    await syncPath(workspace.root)
  }
  await onStep?.('undo-kept')
  await removeDurably(workspace.journal)
  await onStep?.('finished')
}

/** Ends a transaction that left, or put back, the old VM. The journal goes first: without it nobody looks at `work`. */
export async function discard(workspace: Workspace): Promise<void> {
  await removeDurably(workspace.journal)
  await rm(workspace.work, { recursive: true, force: true })
}

async function removeOverlays({ work }: Workspace): Promise<void> {
  for (const name of await readdir(work).catch(() => []))
    if (name.startsWith('overlay-')) await rm(join(work, name), { force: true })
}

function changedFiles({ files }: Journal): JournalFile[] {
  return files.filter(({ witness }) => !witness)
}

async function mend(descriptors: Descriptors, directory: string, disk: JournalDisk): Promise<string> {
  const path = resolve(directory, disk.path)
  const descriptorPath = resolve(directory, disk.descriptorPath)
  const shadowId = path === descriptorPath ? undefined : await descriptors.readContentId(path)
  const wanted = Buffer.from(disk.descriptorAfter ?? disk.descriptor, 'base64')
  return descriptors.mendDescriptor(descriptorPath, wanted, disk.edited ? shadowId : disk.contentId)
}

function isChanged({ edited, descriptorAfter }: JournalDisk): boolean {
  return edited || descriptorAfter !== undefined
}

async function syncDisk(directory: string, { descriptorPath, files }: JournalDisk): Promise<void> {
  for (const path of new Set([descriptorPath, ...files])) await syncPath(resolve(directory, path))
}
