import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { extract } from 'tar-stream'

/** Path to everything about the entry but its times: two equal strings are two equal entries. */
export type Manifest = Map<string, string>

/** Emulation: KVM may be there and broken, and these tests are about something else. */
const GUESTFISH_ENV = { LIBGUESTFS_BACKEND: 'direct', LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }

/** Runs commands in one appliance that has these VMDKs as /dev/sda, /dev/sdb, … read-only; gives what it printed. */
export async function inspectDisks(disks: readonly string[], commands: readonly string[]): Promise<string> {
  const drives = disks.flatMap((disk) => ['--format=vmdk', '-a', disk])
  const input = ['run', ...commands, ''].join('\n')
  return (await execa('guestfish', ['--ro', ...drives], { input, env: GUESTFISH_ENV })).stdout
}

/** Every entry of the guests on these disks (one ext4 partition each): type, mode, owner, size, xattrs, target, hash. */
export async function guestManifests(disks: readonly string[], scratch: string): Promise<Manifest[]> {
  const archives = disks.map((_disk, index) => join(scratch, `guest${index}.tar`))
  const commands = archives.flatMap((archive, index) => [
    `mount-ro /dev/sd${'abcdefgh'[index]}1 /`,
    `tar-out / ${archive} numericowner:true xattrs:true selinux:true acls:true`,
    'umount-all',
  ])
  await inspectDisks(disks, commands)
  const manifests: Manifest[] = []
  for (const archive of archives) {
    manifests.push(await readArchive(archive))
    await rm(archive)
  }
  return manifests
}

async function readArchive(archive: string): Promise<Manifest> {
  const manifest: Manifest = new Map()
  const entries = createReadStream(archive).pipe(extract())
  for await (const entry of entries) {
    const hash = createHash('sha256')
    for await (const chunk of entry) hash.update(chunk as Uint8Array)
    const { name, type, mode, uid, gid, size, linkname, devmajor, devminor, pax } = entry.header
    const attributes = Object.entries(pax ?? {}).filter(([key]) => /^(SCHILY|RHT|LIBARCHIVE)\./.test(key))
    const about = { type, mode, uid, gid, size, linkname, devmajor, devminor, attributes }
    manifest.set(guestPath(name), JSON.stringify({ ...about, hash: hash.digest('hex') }))
  }
  return manifest
}

function guestPath(name: string): string {
  return `/${name.replace(/^\.?\/*/, '').replace(/\/$/, '')}`
}

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

async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

/** Paths that are in one manifest only or differ, sorted. */
export function differences(before: Manifest, after: Manifest): string[] {
  const paths = new Set([...before.keys(), ...after.keys()])
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort()
}
