import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { VmcloneError } from '../errors/index.ts'
import { hasCode } from './atomic.ts'

/** Who holds a lock. `started` is the process's start time as the kernel counts it, where it can be known. */
interface Holder {
  readonly pid: number
  readonly host: string
  readonly started?: string
}

const ATTEMPTS = 20

/**
 * Takes a lock file; the returned function lets it go. The lock of a process of this host that has ended is taken
 * over. Throws VM_BUSY if somebody holds it, ENOENT if its directory is not there.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const own = `${path}.${process.pid}`
  const started = await startOf(process.pid)
  const holder: Holder = { pid: process.pid, host: hostname(), ...(started === undefined ? {} : { started }) }
  const text = JSON.stringify(holder)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await create(path, own, text)) return () => rm(path, { force: true })
    const found = await readFile(path, 'utf8').catch(() => undefined)
    if (found === undefined) continue
    if (await isStale(path, found)) await takeAway(path, own, found)
    else await sleep(50)
  }
  throw busy(path, 'a lock that comes and goes')
}

/**
 * Takes a lock in a directory that `make` makes if need be. With the lock in it the directory stays; the instant before, another who
 * ends may have taken it away, and it is made again.
 */
export async function takeLockWithin(
  make: () => Promise<unknown>,
  path: string,
): Promise<() => Promise<void>> {
  for (let attempt = 1; ; attempt++) {
    try {
      await make()
      return await takeLock(path)
    } catch (error) {
      if (attempt === ATTEMPTS || !hasCode(error, 'ENOENT', 'EEXIST')) throw error
    }
  }
}

/** Throws VM_BUSY if a living process, or one of another host, holds the lock; touches nothing. */
export async function checkLock(path: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => undefined)
  if (found !== undefined) await isStale(path, found)
}

/** The lock appears with its content in it; only file systems without hard links have an instant between. */
async function create(path: string, own: string, text: string): Promise<boolean> {
  await writeFile(own, text, { mode: 0o600 })
  try {
    await link(own, path)
    return true
  } catch (error) {
    // The file itself goes where whoever holds the lock tidies up.
    if (hasCode(error, 'EEXIST', 'ENOENT')) return false
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error
  } finally {
    await rm(own, { force: true })
  }
  return writeFile(path, text, { flag: 'wx', mode: 0o600 }).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'EEXIST')) return false
      throw error
    },
  )
}

async function isStale(path: string, text: string): Promise<boolean> {
  const holder = parse(text)
  if (holder === undefined) return Date.now() - (await stat(path).catch(() => ({ mtimeMs: 0 }))).mtimeMs > 500
  if (holder.host !== hostname()) throw busy(path, `process ${holder.pid} of host ${holder.host}`)
  if (await isAlive(holder)) throw busy(path, `process ${holder.pid}`)
  return true
}

/** What is taken away must be what was found stale: another process may have been quicker. */
async function takeAway(path: string, own: string, stale: string): Promise<void> {
  const aside = `${own}.stale`
  try {
    await rename(path, aside)
    if ((await readFile(aside, 'utf8')) !== stale) await link(aside, path)
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'EEXIST')) throw error
  } finally {
    await rm(aside, { force: true })
  }
}

function parse(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('host' in value))
      return undefined
    const { pid, host } = value
    if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0 || typeof host !== 'string')
      return undefined
    return { pid, host, ...('started' in value ? { started: String(value.started) } : {}) }
  } catch {
    return undefined
  }
}

async function isAlive({ pid, started }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false
  }
  const now = await startOf(pid)
  return now !== 'ended' && (started === undefined || now === undefined || now === started)
}

/** From /proc (proc(5), fields 3 and 22 of stat); undefined where there is none, "ended" for a zombie. */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined)
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields?.[0] === 'Z' || fields?.[0] === 'X' ? 'ended' : fields?.[19]
}

function busy(path: string, who: string): VmcloneError {
  return new VmcloneError('VM_BUSY', `${path} is held by ${who}`)
}
