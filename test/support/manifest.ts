import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Path to everything about the entry but its times: two equal strings are two equal entries. */
export type Manifest = Map<string, string>

/** Every file below a host directory: mode, owner, size, time of change in ns, inode, hash. */
export async function directoryManifest(directory: string): Promise<Manifest> {
  const manifest: Manifest = new Map()
  for (const name of ['.', ...(await readdir(directory, { recursive: true })).sort()]) {
    const path = join(directory, name)
    const { mode, uid, gid, size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true })
    const file = (mode & 0o170000n) === 0o100000n
    const hash = file ? await hashOf(path) : ''
    manifest.set(name, [mode, uid, gid, size, mtimeNs, ctimeNs, ino, hash].join(' '))
  }
  return manifest
}

/** Names and hashes below a directory: what stays the same in a copy of it. */
export async function directoryHashes(directory: string): Promise<Manifest> {
  const manifest: Manifest = new Map()
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name)
      manifest.set(path.slice(directory.length + 1), await hashOf(path))
    }
  return manifest
}

/** SHA-256 of a file, in hexadecimal. */
export async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

/** Paths that are in one manifest only or differ, sorted. */
export function differences(before: Manifest, after: Manifest): string[] {
  const paths = new Set([...before.keys(), ...after.keys()])
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort()
}
