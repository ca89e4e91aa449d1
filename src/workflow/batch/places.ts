import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemReason, VmcloneError } from '../../errors/index.ts'
import { hasCode } from '../../transaction/atomic.ts'
import { takeLock, takeLockWithin } from '../../transaction/lock.ts'

/** Directory below `to` that holds locks and records of batches. */
const STATE = '.vmclone-fix-batch'
const WORKING = /^\.vmclone-fix-([0-9a-f]{8})-/

/** Where the clones of a batch, and what is kept of it, lie. */
export interface Layout {
  /** Absolute, links resolved. */
  readonly to: string
  /** Directory for records of batches. */
  readonly state: string
  /** The final directory of a clone. */
  final(name: string): string
}

/**
 * Where a batch works. Clones and molds are made in directories beside their final places, so that relative names in their
 * disks stay right, and get their final names by a rename.
 */
export interface Places extends Layout {
  /** Makes an empty directory to work in, one for each call; gone at the end unless it was published. */
  working(name: string): Promise<string>
  /** Gives a working directory its final name; the caller syncs. Throws TARGET_EXISTS if somebody else was quicker. */
  publish(working: string, name: string): Promise<void>
  /** Takes a working directory away. */
  discard(working: string): Promise<void>
  /** Takes away all that was not published, and lets go. */
  close(): Promise<void>
}

/** That of a directory that is there; undefined if it is not. */
export async function layoutAt(path: string): Promise<Layout | undefined> {
  const to = await realpath(path).catch(() => undefined)
  return to === undefined ? undefined : layoutOf(to)
}

function layoutOf(to: string): Layout {
  return { to, state: join(to, STATE), final: (name) => join(to, name) }
}

/**
 * Opens the directory that clones go to, makes it if need be, and takes away what interrupted batches left in it. Several batches may
 * work there at a time.
 */
export async function openPlaces(path: string): Promise<Places> {
  const made = await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw new VmcloneError('TARGET_UNUSABLE', `${path} cannot be made: ${systemReason(cause)}`, { cause })
  })
  const layout = layoutOf(await realpath(path))
  const { to, state } = layout
  const id = randomBytes(4).toString('hex')
  const release = await enter(to, state, id)
  await sweep(to, state).catch(async (error: unknown) => {
    await release()
    throw error
  })
  const open = new Set<string>()
  const places: Places = {
    ...layout,
    async working(name) {
      let directory = join(to, `.vmclone-fix-${id}-${name}`)
      while (open.has(directory)) directory += '+'
      open.add(directory)
      await mkdir(directory, { mode: 0o700 }).catch((error: unknown) => {
        open.delete(directory)
        throw error
      })
      return directory
    },
    async publish(working, name) {
      const final = join(to, name)
      if (await lstat(final).catch(() => undefined))
        throw new VmcloneError('TARGET_EXISTS', `${final} has come to be there during the run`)
      await rename(working, final)
      open.delete(working)
    },
    async discard(working) {
      await rm(working, { recursive: true, force: true })
      open.delete(working)
    },
    async close() {
      for (const directory of open) await rm(directory, { recursive: true, force: true })
      await release()
      await rmdir(state).catch(() => undefined)
      if (made !== undefined) await rmdir(to).catch(() => undefined)
    },
  }
  return places
}

/** Takes the lock of a batch; its directory stays while the lock is in it. */
function enter(to: string, state: string, id: string): Promise<() => Promise<void>> {
  const make = () => mkdir(state, { recursive: true, mode: 0o700 })
  return takeLockWithin(make, lockOf(state, id)).catch((cause: unknown) => {
    if (cause instanceof VmcloneError) throw cause
    throw new VmcloneError('TARGET_UNUSABLE', `${to} cannot be written to: ${systemReason(cause)}`, { cause })
  })
}

/** Takes away what batches left that ended without doing so themselves. */
async function sweep(to: string, state: string): Promise<void> {
  const left = new Map<string, string[]>()
  for (const name of await readdir(to)) {
    const id = WORKING.exec(name)?.[1]
    if (id !== undefined) left.set(id, [...(left.get(id) ?? []), join(to, name)])
  }
  for (const [id, directories] of left) {
    try {
      const release = await takeLock(lockOf(state, id))
      for (const directory of directories) await rm(directory, { recursive: true, force: true })
      await release()
    } catch (error) {
      // Another batch is at work there.
      if (!(error instanceof VmcloneError && error.code === 'VM_BUSY') && !hasCode(error, 'ENOENT'))
        throw error
    }
  }
}

function lockOf(state: string, id: string): string {
  return join(state, `${id}.lock`)
}
