import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { readContentId } from '../disk/mend.ts'
import { findLocks, isReadLock } from '../vmx/locks.ts'
import type { Template } from './template.ts'

/**
 * What tells whether a template still is what clones were made from: plain data for a record. Paths are relative to the
 * template's directory, so that it may be moved.
 */
export interface TemplateState {
  /** Each disk of each chain: its descriptor to its content id and files, [bytes, last written in ms since 1970]. */
  readonly disks: Readonly<Record<string, DiskState>>
  /** .vmx and .nvram to their SHA-256, in hex. */
  readonly files: Readonly<Record<string, string>>
  /** Locks that say more than that somebody reads. */
  readonly locks: readonly string[]
}

export interface DiskState {
  readonly contentId: string
  readonly files: Readonly<Record<string, readonly [bytes: number, mtime: number]>>
}

const GONE = 'gone'

/** The state of a template's files as they are now, whatever was read of them before. Reads no more than a few kilobytes of each. */
export async function templateState(template: Template): Promise<TemplateState> {
  const { directory, vmxPath, nvram } = template
  const name = (path: string) => relative(directory, path)
  const disks: Record<string, DiskState> = {}
  for (const link of template.disks.flatMap(({ chain }) => [chain.leaf, ...chain.parents])) {
    const contentId = await readContentId(link.descriptorPath).catch(() => undefined)
    const files = await Promise.all(
      link.files.map(async (path) => [name(path), await sizeAndTime(path)] as const),
    )
    disks[name(link.descriptorPath)] = { contentId: contentId ?? GONE, files: Object.fromEntries(files) }
  }
  const files: Record<string, string> = {}
  for (const path of [vmxPath, ...(nvram === undefined ? [] : [join(directory, nvram.name)])])
    files[name(path)] = await digest(path)
  const locks = []
  for (const lock of await findLocks(directory, [])) if (!(await isReadLock(lock))) locks.push(name(lock))
  return { disks, files, locks }
}

/** True for what templateState gave, as it comes from a file. */
export function isTemplateState(value: unknown): value is TemplateState {
  if (!isObject(value)) return false
  const { disks, files, locks } = value
  return (
    isObject(disks) &&
    Object.values(disks).every(
      (disk) => isObject(disk) && typeof disk.contentId === 'string' && isObject(disk.files),
    ) &&
    isObject(files) &&
    Array.isArray(locks)
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** What is not as it was, one sentence each; empty if nothing changed. */
export function changesOf(before: TemplateState, now: TemplateState): string[] {
  const changes = now.locks
    .filter((lock) => !before.locks.includes(lock))
    .map((lock) => `${lock} has appeared: the template runs or is open in VMware`)
  for (const [path, was] of Object.entries(before.disks)) {
    const is = now.disks[path]
    if (is === undefined || is.contentId === GONE)
      changes.push(`the disk ${path} is not there or not used any more`)
    else if (is.contentId !== was.contentId)
      changes.push(
        `the disk ${path} was written, as by a start of the template: its content id is ${is.contentId}, it was ${was.contentId}`,
      )
    else
      for (const file of Object.keys(was.files))
        if (String(is.files[file]) !== String(was.files[file])) changes.push(`${file} was written`)
  }
  for (const path of Object.keys(now.disks))
    if (before.disks[path] === undefined) changes.push(`the disk ${path} is new`)
  for (const path of new Set([...Object.keys(before.files), ...Object.keys(now.files)]))
    if (before.files[path] !== now.files[path]) changes.push(`${path} was changed`)
  return changes
}

async function sizeAndTime(path: string): Promise<[number, number]> {
  return stat(path).then(
    ({ size, mtimeMs }) => [size, Math.trunc(mtimeMs)],
    () => [-1, 0],
  )
}

async function digest(path: string): Promise<string> {
  return readFile(path).then(
    (bytes) => createHash('sha256').update(bytes).digest('hex'),
    () => GONE,
  )
}
