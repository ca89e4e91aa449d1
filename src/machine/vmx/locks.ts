import { access, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const LOCK = /\.(lck|writelock)$/i

/**
 * Locks of a VM: directories or files named *.lck or *.WRITELOCK in its directory, and those of `files` that lie
 * elsewhere. Absolute paths, sorted. A lock that was left behind looks like any other: VMware itself removes such a
 * one on the host that made it only.
 */
export async function findLocks(directory: string, files: readonly string[]): Promise<string[]> {
  const names = await readdir(directory)
  const inside = names.filter((name) => LOCK.test(name)).map((name) => join(directory, name))
  const elsewhere = files
    .filter((file) => dirname(file) !== directory)
    .flatMap((file) => [`${file}.lck`, `${file}.WRITELOCK`])
  const present = await Promise.all(elsewhere.map(async (path) => ((await exists(path)) ? [path] : [])))
  return [...new Set([...inside, ...present.flat()])].sort()
}

/**
 * True if a lock says that its disk is only read, as a running linked clone locks its parent: every member is shared
 * (open-vm-tools, lib/file/fileLockPrimitive.c: machine, process, Lamport number, S or X, …, parted by blanks).
 */
export async function isReadLock(lock: string): Promise<boolean> {
  if (!/\.vmdk\.lck$/i.test(lock)) return false
  try {
    const members = await readdir(lock)
    const texts = await Promise.all(members.map((name) => readFile(join(lock, name), 'latin1')))
    return (
      members.length > 0 &&
      members.every((name) => /^M\d{5}\.lck$/.test(name)) &&
      texts.every((text) => text.length <= 4096 && /^\S+ \S+ \d+ S(?: |$)/.test(text))
    )
  } catch {
    return false
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
