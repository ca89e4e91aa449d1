import { chmod, lstat, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { VmcloneError } from '../errors/index.ts'
import { hasCode } from './atomic.ts'

/** Name of the directory beside the .vmx that holds everything of ours. */
export const WORKSPACE_NAME = '.vmclone-fix'

/** Where things lie in a VM's directory. All absolute; every path name of this layer is made here. */
export interface Workspace {
  readonly root: string
  /** Who works here. */
  readonly lock: string
  /** The state of the transaction; absent if there is none. */
  readonly journal: string
  /** Which identity was given to which VM. */
  readonly record: string
  /** Everything of the transaction that is under way. */
  readonly work: string
  /** What the last finished transaction left for taking it back. */
  readonly undo: string
}

/** Names inside `work` (and, but for overlays and stage, inside `undo`). */
export const overlayName = (disk: number): string => `overlay-${disk}.qcow2`
export const undoName = (disk: number): string => `undo-${disk}.qcow2`
export const STAGE = 'stage'
export const BEFORE = 'before'
export const UNDO_FILE = 'undo.json'
export const ROLLBACK = 'rollback.json'
export const RECORD = 'record.json'

/** The workspace of a VM's directory; nothing is touched. */
export function workspaceOf(directory: string): Workspace {
  const root = join(directory, WORKSPACE_NAME)
  return {
    root,
    lock: join(root, 'lock'),
    journal: join(root, 'journal.json'),
    record: join(root, RECORD),
    work: join(root, 'work'),
    undo: join(root, 'undo'),
  }
}

/** True if the workspace is there. Throws WORKSPACE_UNSAFE if something else has its name, such as a link. */
export async function hasWorkspace({ root }: Workspace): Promise<boolean> {
  const found = await lstat(root).catch(() => undefined)
  if (found && !found.isDirectory())
    throw new VmcloneError('WORKSPACE_UNSAFE', `${root} is not a directory of its own`)
  return found !== undefined
}

/** Makes the workspace, for its owner alone. Throws WORKSPACE_UNSAFE, VM_NOT_WRITABLE. */
export async function makeWorkspace(workspace: Workspace): Promise<void> {
  const { root } = workspace
  const there = await hasWorkspace(workspace)
  const made = there ? chmod(root, 0o700) : mkdir(root, { mode: 0o700 })
  await made.catch((cause: unknown) => refuseUnwritable(workspace, cause))
}

function refuseUnwritable({ root }: Workspace, cause: unknown): never {
  if (!hasCode(cause, 'EACCES', 'EPERM', 'EROFS')) throw cause
  const why = hasCode(cause, 'EROFS') ? 'is on a read-only file system' : 'cannot be written by this user'
  throw new VmcloneError('VM_NOT_WRITABLE', `the VM’s directory ${dirname(root)} ${why}`, { cause })
}
