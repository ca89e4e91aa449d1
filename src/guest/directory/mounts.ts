import { readFileSync } from 'node:fs'

/** One line of /proc/self/mountinfo (proc(5)). */
interface Mount {
  /** "253:0": the same for every mount of one file system. */
  readonly device: string
  /** The directory or file of the file system that is mounted. */
  readonly root: string
  readonly point: string
  readonly type: string
}

/** What is mounted at and below a directory, and whether the running system has the same elsewhere. Knows nothing without /proc. */
export class Mounts {
  readonly #within: string
  readonly #mounts: ReadonlyMap<string, Mount>
  readonly #own: string | undefined

  /** `fd`: the opened directory. */
  constructor(path: string, fd: number) {
    this.#within = path
    this.#mounts = parseMounts(readProc('mountinfo') ?? '')
    this.#own = mountOf(fd)
  }

  /** True if both are open on the same mount. */
  static same(fd: number, other: number): boolean {
    return mountOf(fd) === mountOf(other)
  }

  /** Where else the running system has the file system of an open file that is mounted below the directory: then it is not the guest's alone. */
  elsewhere(fd: number): string | undefined {
    const id = mountOf(fd)
    const mount = id === undefined || id === this.#own ? undefined : this.#mounts.get(id)
    if (mount === undefined) return undefined
    return [...this.#mounts.values()].find(
      (other) => other.device === mount.device && !this.#holds(other.point),
    )?.point
  }

  /** True if every name that an open file can have (hard links) lies in the directory: its whole file system does. */
  holdsAllNames(fd: number): boolean {
    const mount = this.#mounts.get(mountOf(fd) ?? '')
    // Links do not lead from one btrfs subvolume to another.
    return mount !== undefined && this.#holds(mount.point) && (mount.root === '/' || mount.type === 'btrfs')
  }

  #holds(point: string): boolean {
    return point === this.#within || point.startsWith(`${this.#within}/`)
  }
}

function mountOf(fd: number): string | undefined {
  return /^mnt_id:\s*(\d+)/m.exec(readProc(`fdinfo/${fd}`) ?? '')?.[1]
}

function parseMounts(text: string): Map<string, Mount> {
  const mounts = new Map<string, Mount>()
  for (const line of text.split('\n')) {
    const [id, , device, root, point, ...rest] = line.split(' ')
    const type = rest[rest.indexOf('-') + 1]
    if (!id || !device || !root || !point || type === undefined) continue
    mounts.set(id, { device, root: unescaped(root), point: unescaped(point), type })
  }
  return mounts
}

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

function readProc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/self/${name}`, 'utf8')
  } catch {
    return undefined
  }
}
