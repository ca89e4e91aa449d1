import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  lchownSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { VmcloneError } from '../../errors/index.ts'
import type { FileChange, LinkChange, WriteChange } from '../../transaction/change.ts'
import { encodeName } from '../names.ts'
import { readAll } from './facts.ts'
import type { Labels } from './labels.ts'
import { openWritable } from './open-writable.ts'
import type { RootDirectory } from './root.ts'
import type { UndoLog } from './undo.ts'

const { O_RDWR, O_CREAT, O_EXCL } = constants
const DIRECTORY_OWNER = { uid: 0, gid: 0 }

/** Where changes are made. */
export interface WriteContext {
  readonly root: RootDirectory
  readonly log: UndoLog
  /** Absent: new files get no label of their own. */
  readonly labels?: Labels
  /** The label of each new path. */
  readonly labelOf: (path: string) => string | undefined
}

/** Makes one change, and notes how to take it back. Throws system errors, GUEST_PATH_UNSAFE. */
export function applyChange(context: WriteContext, change: FileChange): void {
  if (change.kind === 'remove') moveAside(context, change.path)
  else if (change.kind === 'link') link(context, change)
  else if (context.root.stat(change.path)) rewrite(context, change)
  else create(context, change)
}

/** In place: inode and label stay, mode and owner too unless the change says otherwise. */
function rewrite({ root, log }: WriteContext, { path, after, mode, owner }: WriteChange): void {
  const fd = openWritable(root, path)
  const stat = fstatSync(fd)
  if (!stat.isFile()) {
    closeSync(fd)
    throw new VmcloneError('GUEST_PATH_UNSAFE', `${path} is no regular file`)
  }
  const before = readAll(fd)
  const undo = (): void => {
    try {
      if (owner) fchownSync(fd, stat.uid, stat.gid)
      if (owner || mode !== undefined) fchmodSync(fd, stat.mode & 0o7777)
      putContent(fd, before)
      futimesSync(fd, stat.atime, stat.mtime)
    } finally {
      closeSync(fd)
    }
  }
  log.did(path, undo, { keep: () => closeSync(fd), sync: () => fsyncSync(fd) })
  if (owner) fchownSync(fd, owner.uid, owner.gid)
  // chown takes set-id bits away.
  if (owner || mode !== undefined) fchmodSync(fd, mode ?? stat.mode & 0o7777)
  putContent(fd, after)
}

function create(context: WriteContext, { path, after, mode = 0o644, owner }: WriteChange): void {
  const { root, log, labels, labelOf } = context
  makeParents(context, path)
  const fd = root.open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
  const undo = (): void => {
    closeSync(fd)
    unlinkSync(root.at(path))
  }
  log.did(path, undo, { keep: () => closeSync(fd), sync: () => fsyncSync(fd) })
  const label = labelOf(path)
  if (labels && label !== undefined) labels.write(path, fd, label)
  const { uid, gid } = owner ?? DIRECTORY_OWNER
  fchownSync(fd, uid, gid)
  fchmodSync(fd, mode)
  putContent(fd, after)
}

function link(context: WriteContext, { path, target }: LinkChange): void {
  const { root, log, labels, labelOf } = context
  makeParents(context, path)
  symlinkSync(encodeName(target), root.at(path))
  log.did(path, () => unlinkSync(root.at(path)))
  const label = labelOf(path)
  if (labels && label !== undefined) labels.writeLink(path, label)
  lchownSync(root.at(path), DIRECTORY_OWNER.uid, DIRECTORY_OWNER.gid)
}

/** Makes the directories that lack above a path: root's own, 0755. */
function makeParents(context: WriteContext, path: string): void {
  const { root, log, labels, labelOf } = context
  const parent = path.slice(0, path.lastIndexOf('/'))
  if (parent === '' || root.stat(parent)) return
  makeParents(context, parent)
  mkdirSync(root.at(parent), 0o700)
  log.did(parent, () => {
    root.forget()
    rmdirSync(root.at(parent))
  })
  const fd = root.directory(parent)
  const label = labelOf(parent)
  if (labels && label !== undefined) labels.write(parent, fd, label)
  fchownSync(fd, DIRECTORY_OWNER.uid, DIRECTORY_OWNER.gid)
  fchmodSync(fd, 0o755)
}

/** What is removed lies beside its place under another name until everything stands. */
function moveAside({ root, log }: WriteContext, path: string): void {
  if (root.stat(path) === undefined) return
  const aside = `${path.slice(0, path.lastIndexOf('/'))}/.vmclone-fix-${randomBytes(6).toString('hex')}`
  const move = (from: string, to: string): void => {
    renameSync(root.at(from), root.at(to))
    root.forget()
  }
  move(path, aside)
  log.did(path, () => move(aside, path), { keep: () => removeWhole(root, aside) })
}

function removeWhole(root: RootDirectory, path: string): void {
  if (!root.stat(path)?.isDirectory()) {
    unlinkSync(root.at(path))
    return
  }
  for (const name of root.names(path)) removeWhole(root, `${path}/${name}`)
  root.forget()
  rmdirSync(root.at(path))
}

/** What grows is written before what is longer is cut, so that a full disk leaves the old length. */
function putContent(fd: number, content: Uint8Array): void {
  for (let at = 0; at < content.length; ) at += writeSync(fd, content, at, content.length - at, at)
  ftruncateSync(fd, content.length)
}
