import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, type FileHandle, lchown, open, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { execa } from 'execa'
import type { Owner } from './change.ts'

/** Attributes of a file that is written. */
export interface Attributes {
  /** Permission bits; of a new file 0600 unless given. */
  readonly mode?: number
  readonly owner?: Owner
  /** An existing file whose mode, owner, ACLs and other extended attributes the new one gets first. */
  readonly like?: string
}

/**
 * Replaces a file durably: at any instant, after a power cut too, the name leads to the old or to the new content. The
 * name gets a new file, so a symbolic link or a further hard link keeps what it had.
 */
export async function writeAtomic(
  path: string,
  bytes: Uint8Array,
  attributes: Attributes = {},
): Promise<void> {
  const temporary = temporaryOf(path)
  await rm(temporary, { force: true })
  const like = attributes.like === undefined ? undefined : await copyAttributes(attributes.like, temporary)
  const mode = attributes.mode ?? like?.mode
  const owner = attributes.owner ?? like?.owner
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW
  await withHandle(temporary, flags, async (handle) => {
    await handle.writeFile(bytes)
    if (owner) await allowed(handle.chown(owner.uid, owner.gid))
    if (mode !== undefined) await handle.chmod(mode)
    await handle.sync()
  })
  await replace(temporary, path)
}

/** Puts a symbolic link in place of whatever has the name. */
export async function linkAtomic(path: string, target: string, owner: Owner): Promise<void> {
  const temporary = temporaryOf(path)
  await rm(temporary, { force: true })
  await symlink(target, temporary)
  await allowed(lchown(temporary, owner.uid, owner.gid))
  await replace(temporary, path)
}

/** Removes a file durably, with what an interrupted write of it left; it may be gone already. */
export async function removeDurably(path: string): Promise<void> {
  await rm(temporaryOf(path), { force: true })
  await rm(path, { force: true })
  await syncPath(dirname(path))
}

/** Brings a file's content, or a directory's names, to the disk. */
export async function syncPath(path: string): Promise<void> {
  await withHandle(path, constants.O_RDONLY, (handle) => handle.sync())
}

/** Brings everything that was written to the file system of a path to its disk: quicker than many files one by one. */
export async function syncFileSystem(path: string): Promise<void> {
  // Only GNU sync knows -f; without it all file systems are synced.
  const named = await execa('sync', ['-f', '--', path], { reject: false, stdin: 'ignore' })
  if (named.failed) await execa('sync', [], { stdin: 'ignore' })
}

/** Content, or undefined if there is no such file. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** True if a thrown thing is a system error with this code. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

async function replace(temporary: string, path: string): Promise<void> {
  await rename(temporary, path)
  await syncPath(dirname(path))
}

/** Always the same for a path, so that a second attempt removes what the first one left. */
function temporaryOf(path: string): string {
  const id = createHash('sha256').update(basename(path)).digest('hex').slice(0, 12)
  return join(dirname(path), `.vmclone-fix-${id}.tmp`)
}

/** GNU cp copies ACLs and SELinux labels, which Node cannot; where there is another cp, mode and owner must do. */
async function copyAttributes(from: string, to: string): Promise<{ mode: number; owner: Owner }> {
  const { mode, uid, gid } = await stat(from)
  await execa('cp', ['--attributes-only', '--preserve=all', '--', from, to], {
    reject: false,
    stdin: 'ignore',
  })
  await chmod(to, 0o600).catch(() => undefined)
  return { mode: mode & 0o7777, owner: { uid, gid } }
}

/** Ownership can only be given by root: without it the file is the user's own. */
async function allowed(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!hasCode(error, 'EPERM')) throw error
  })
}

async function withHandle(
  path: string,
  flags: number,
  work: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(path, flags, 0o600)
  try {
    await work(handle)
  } finally {
    await handle.close()
  }
}
