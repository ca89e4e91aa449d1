import { accessSync, closeSync, constants, type Stats } from 'node:fs'
import { VmcloneError } from '../../errors/index.ts'
import type { FileChange, LinkChange, RemoveChange, WriteChange } from '../../transaction/change.ts'
import { CONTENT_LIMIT } from '../tree.ts'
import { Mounts } from './mounts.ts'
import { openWritable } from './open-writable.ts'
import { refused } from './refused.ts'
import type { RootDirectory } from './root.ts'

const { O_RDONLY, O_DIRECTORY, R_OK, W_OK, X_OK } = constants
const STICKY = 0o1000

/**
 * Refuses what could not be written as it must be, before anything is: throws TREE_NOT_ACCESSIBLE, GUEST_PATH_UNSAFE,
 * GUEST_TOO_LARGE. Looking changes nothing.
 */
export function checkWritable(root: RootDirectory, changes: readonly FileChange[]): void {
  const mounts = new Mounts(root.path, root.fd)
  const gone: string[] = []
  for (const change of changes) {
    const vanished = gone.some((path) => change.path === path || change.path.startsWith(`${path}/`))
    const stat = vanished ? undefined : root.stat(change.path)
    if (change.kind === 'remove') {
      if (stat) checkRemoval(root, mounts, change, stat)
      gone.push(change.path)
    } else if (change.kind === 'link') {
      if (stat) throw unsafe(change.path, 'is there already')
      checkNew(root, mounts, change)
    } else if (stat) checkRewrite(root, mounts, change, stat)
    else checkNew(root, mounts, change)
  }
}

function checkRewrite(
  root: RootDirectory,
  mounts: Mounts,
  { path, mode, owner }: WriteChange,
  stat: Stats,
): void {
  if (!stat.isFile()) throw unsafe(path, 'is no regular file')
  if (stat.size > CONTENT_LIMIT)
    throw new VmcloneError(
      'GUEST_TOO_LARGE',
      `${path} has ${stat.size} bytes, too many to put back if need be`,
    )
  const fd = attempt(path, 'cannot be written', () => openWritable(root, path))
  try {
    refuseElsewhere(path, mounts, fd)
    if (stat.nlink > 1 && !mounts.holdsAllNames(fd))
      throw unsafe(path, 'has a second name (hard link), which may lie outside of the directory', {
        hint: 'Give the file a copy of its own: cp -p it to another name, and mv that over it.',
      })
  } finally {
    closeSync(fd)
  }
  const { uid, gid } = stat
  if (owner && (owner.uid !== uid || owner.gid !== gid)) refuseForeignOwner(path, owner)
  if (mode !== undefined && mode !== (stat.mode & 0o7777) && !isRoot() && uid !== process.geteuid?.())
    throw notOurs(path, `is to get mode 0${mode.toString(8)}, and belongs to ${uid}:${gid}`)
}

function checkNew(root: RootDirectory, mounts: Mounts, change: WriteChange | LinkChange): void {
  const { path } = change
  const owner = change.kind === 'write' ? change.owner : undefined
  const above = nearestDirectory(root, path)
  checkDirectory(root, mounts, above)
  refuseForeignOwner(path, owner ?? { uid: 0, gid: 0 })
  if (root.stat(parentOf(path)) === undefined) refuseForeignOwner(parentOf(path), { uid: 0, gid: 0 })
}

function checkRemoval(root: RootDirectory, mounts: Mounts, { path, tree }: RemoveChange, stat: Stats): void {
  if (stat.isDirectory() && !tree) throw unsafe(path, 'is a directory')
  const above = root.stat(parentOf(path) || '/')
  checkDirectory(root, mounts, parentOf(path))
  const me = process.geteuid?.()
  if (above && above.mode & STICKY && !isRoot() && stat.uid !== me && above.uid !== me)
    throw notOurs(path, `is to be removed, and belongs to ${stat.uid}:${stat.gid}`)
  if (stat.isDirectory()) checkBelow(root, mounts, path)
}

/** Whatever is removed with a directory must be on its own mount. */
function checkBelow(root: RootDirectory, mounts: Mounts, path: string): void {
  checkDirectory(root, mounts, path)
  for (const name of root.names(path)) {
    const here = `${path}/${name}`
    if (!root.stat(here)?.isDirectory()) continue
    const fd = attempt(here, 'cannot be removed', () => root.open(here, O_RDONLY | O_DIRECTORY))
    try {
      if (!Mounts.same(fd, root.directory(path))) throw unsafe(here, 'is mounted below what is to be removed')
    } finally {
      closeSync(fd)
    }
    checkBelow(root, mounts, here)
  }
}

/** Throws if nothing can be made or removed in a directory. */
function checkDirectory(root: RootDirectory, mounts: Mounts, path: string): void {
  attempt(path || '/', 'cannot be written', () => accessSync(root.at(`${path}/.`), R_OK | W_OK | X_OK))
  refuseElsewhere(path || '/', mounts, root.directory(path))
}

function refuseElsewhere(path: string, mounts: Mounts, fd: number): void {
  const where = mounts.elsewhere(fd)
  if (where === undefined) return
  throw unsafe(path, `lies on a mount that the running system has at ${where} too`, {
    hint: 'Unmount it from the guest’s directory, and run again.',
  })
}

function refuseForeignOwner(
  path: string,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): void {
  const groups = [process.getegid?.(), ...(process.getgroups?.() ?? [])]
  if (isRoot() || (uid === process.geteuid?.() && groups.includes(gid))) return
  throw notOurs(path, `is to belong to ${uid}:${gid}`)
}

function isRoot(): boolean {
  return process.geteuid?.() === 0
}

function nearestDirectory(root: RootDirectory, path: string): string {
  const parent = parentOf(path)
  return parent === '' || root.stat(parent) ? parent : nearestDirectory(root, parent)
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

function attempt<T>(path: string, fact: string, look: () => T): T {
  try {
    return look()
  } catch (cause) {
    throw cause instanceof VmcloneError ? cause : refused(path, fact, cause)
  }
}

function notOurs(path: string, fact: string): VmcloneError {
  return new VmcloneError('TREE_NOT_ACCESSIBLE', `${path} ${fact}, which only root can do`)
}

function unsafe(path: string, fact: string, more: { hint?: string } = {}): VmcloneError {
  return new VmcloneError('GUEST_PATH_UNSAFE', `${path} ${fact}`, more)
}
