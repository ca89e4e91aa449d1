import { rename } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { VmcloneError } from '../errors/index.ts'
import { readIfThere, syncPath, writeAtomic } from './atomic.ts'
import type { Owner } from './change.ts'
import { isInside } from './inside.ts'
import { ROLLBACK, WORKSPACE_NAME, type Workspace } from './workspace.ts'

/**
 * open: nothing of the VM was touched. commit: the new VM is decided, and is being put in place. rollback: the old VM is decided.
 * done: the new VM is in place, only the workspace is still to be tidied.
 */
export type State = 'open' | 'commit' | 'rollback' | 'done'

/** A disk under edit. Paths inside the VM's directory are relative to it, others absolute. */
export interface JournalDisk {
  /** What qemu opens with format=vmdk. */
  readonly path: string
  readonly descriptorPath: string
  /** The descriptor's bytes before, base64. */
  readonly descriptor: string
  readonly contentId: string
  /** The descriptor's bytes with a new ddb.uuid, base64; absent: it keeps its own. */
  readonly descriptorAfter?: string
  /** All files of the leaf. */
  readonly files: readonly string[]
  /** False if the overlay holds nothing: then what the guest sees of the disk stays untouched. */
  readonly edited: boolean
}

/** A file of the VM's directory that is written or removed. */
export interface JournalFile {
  /** Relative to the VM's directory. */
  readonly path: string
  /** True for the .vmx where it is not changed: it stands here only to show whether the VM was powered on meanwhile. */
  readonly witness?: boolean
  /** Name in `stage`; absent: the file goes away. */
  readonly after?: string
  readonly mode?: number
  readonly owner?: Owner
  /** What was there; absent: nothing. `content` is a name in `before`, `link` the target of a symbolic link. */
  readonly before?: { readonly content?: string; readonly link?: string; readonly owner: Owner }
}

/** All that is needed to finish or take back a transaction, whoever finds it. */
export interface Journal {
  readonly version: 1
  readonly state: State
  /** The VM's directory when it was written, links resolved. */
  readonly directory: string
  readonly disks: readonly JournalDisk[]
  readonly files: readonly JournalFile[]
}

/** Replaces the journal; when this returns, its state holds whatever happens. */
export async function writeJournal({ journal }: Workspace, content: Journal): Promise<void> {
  await writeAtomic(journal, Buffer.from(JSON.stringify(content)), { mode: 0o600 })
}

/** Decides for the new VM; the journal that would decide for the old one is kept ready. */
export async function decideNew(workspace: Workspace, content: Journal): Promise<void> {
  const old = Buffer.from(JSON.stringify({ ...content, state: 'rollback' }))
  await writeAtomic(join(workspace.work, ROLLBACK), old, { mode: 0o600 })
  await writeJournal(workspace, content)
}

/** Decides for the old VM after all. A rename alone, which a full disk cannot hinder. */
export async function decideOld({ journal, work, root }: Workspace): Promise<void> {
  await rename(join(work, ROLLBACK), journal)
  await syncPath(root)
}

/** The journal, or undefined if no transaction is under way. Throws JOURNAL_UNUSABLE. */
export async function readJournal({ journal }: Workspace): Promise<Journal | undefined> {
  const bytes = await readIfThere(journal)
  if (bytes === undefined) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    if (isJournal(value)) return value
  } catch (cause) {
    throw new VmcloneError('JOURNAL_UNUSABLE', `${journal} is damaged`, { cause })
  }
  throw new VmcloneError('JOURNAL_UNUSABLE', `${journal} is of an unknown version`)
}

/** It may come from somebody else, with a copied VM. */
function isJournal(value: unknown): value is Journal {
  const { version, state, directory, disks, files } = (value ?? {}) as Partial<Record<keyof Journal, unknown>>
  return (
    version === 1 &&
    ['open', 'commit', 'rollback', 'done'].includes(state as string) &&
    isText(directory) &&
    Array.isArray(disks) &&
    disks.every((disk) => {
      const {
        path,
        descriptorPath,
        descriptor,
        descriptorAfter = '',
        contentId,
        files: parts,
      } = (disk ?? {}) as Partial<JournalDisk>
      return (
        [path, descriptorPath, descriptor, descriptorAfter, contentId].every(isText) &&
        Array.isArray(parts) &&
        parts.every(isText)
      )
    }) &&
    Array.isArray(files) &&
    files.every((file) => {
      const { path, after = '0', before } = (file ?? {}) as Partial<JournalFile>
      return isText(path) && isCopyName(after) && isCopyName(before?.content ?? '0')
    })
  )
}

/** Copies of files are numbered. */
function isCopyName(value: unknown): boolean {
  return isText(value) && /^\d+$/.test(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/**
 * Throws JOURNAL_UNUSABLE if a journal that is to be followed speaks of other places than the directory it was found in: in a
 * copy of the directory it must not reach into the original.
 */
export function checkJournal(journal: Journal, directory: string): void {
  const { disks, files } = journal
  const moved = journal.directory !== directory
  for (const path of disks.flatMap((disk) => [disk.path, disk.descriptorPath, ...disk.files])) {
    const outside = isAbsolute(path) || path.startsWith('../') || path.startsWith(`${WORKSPACE_NAME}/`)
    if (!outside || !moved) continue
    throw new VmcloneError(
      'JOURNAL_UNUSABLE',
      `the interrupted run was in ${journal.directory} and speaks of ${path}, but the VM is now in ${directory}`,
    )
  }
  for (const { path } of files) {
    if (!isInside(resolve(directory, path), directory))
      throw new VmcloneError('JOURNAL_UNUSABLE', `the journal names ${path}, which is outside ${directory}`)
  }
}

/** A path as the journal keeps it. */
export function portablePath(directory: string, path: string): string {
  return isInside(path, directory) ? relative(directory, path) : path
}

/** The backing file of an image in `work` or `undo` for a path of the journal; see createOverlay for its form. */
export function backingOf(path: string): string {
  if (isAbsolute(path)) return path
  const shadow = join(WORKSPACE_NAME, 'work/')
  return path.startsWith(shadow) ? `./${path.slice(shadow.length)}` : `../../${path}`
}
