import { access, readdir } from 'node:fs/promises'
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

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
