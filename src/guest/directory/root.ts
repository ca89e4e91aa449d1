import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  type Stats,
} from 'node:fs'
import { VmcloneError } from '../../errors/index.ts'
import { hasCode } from '../../transaction/atomic.ts'
import { decodeName, encodeName } from '../names.ts'
import { refused } from './refused.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants
const OPEN_LIMIT = 64

/** Where the kernel shows a process its open files: a name below an open directory is then looked up in that very directory. */
const DESCRIPTORS = '/proc/self/fd'

/**
 * A directory that nothing leads out of. Paths are absolute within it, real (no links, no ".."), and are walked one name
 * at a time, each name in the opened directory above it, links never followed: what openat(2) does. Where there
 * is no /proc the names are joined instead, and whoever can rename directories below may win a race.
 */
export class RootDirectory {
  /** Absolute, links resolved. */
  readonly path: string
  readonly fd: number
  readonly #byDescriptor = existsSync(DESCRIPTORS)
  readonly #opened = new Map<string, number>()

  /** Throws TREE_NOT_FOUND, TREE_NOT_ACCESSIBLE. */
  constructor(path: string) {
    try {
      this.path = realpathSync(path)
      this.fd = openSync(this.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    } catch (cause) {
      if (hasCode(cause, 'EACCES', 'EPERM')) throw refused(path, 'cannot be opened', cause)
      const fact = hasCode(cause, 'ENOTDIR') ? 'is no directory' : 'cannot be opened'
      throw new VmcloneError('TREE_NOT_FOUND', `${path} ${fact}`, { cause })
    }
  }

  /** What a system call is given for this path, "/" excepted; good until the next call. Throws if what is above it is no directory. */
  at(path: string): Buffer {
    const cut = path.lastIndexOf('/')
    return this.#in(path.slice(0, cut), path.slice(cut + 1))
  }

  /** undefined if there is nothing. */
  stat(path: string): Stats | undefined {
    if (path === '/') return fstatSync(this.fd)
    return this.#ifThere(path, () => lstatSync(this.at(path)))
  }

  target(path: string): string | undefined {
    return this.#ifThere(path, () => decodeName(readlinkSync(this.at(path), { encoding: 'buffer' })))
  }

  /** Names in a directory; none if it is none. */
  names(path: string): string[] {
    const directory = path === '/' ? '' : path
    const found =
      this.#ifThere(path, () => readdirSync(this.#in(directory, ''), { encoding: 'buffer' })) ?? []
    return found.map((name) => decodeName(name))
  }

  /** Opens what is there without following it if it is a link; a fifo does not block. The caller closes it. */
  open(path: string, flags: number, mode?: number): number {
    return openSync(this.at(path), flags | O_NOFOLLOW | O_NONBLOCK, mode)
  }

  /** The opened directory; "" is the root. Closed by itself. */
  directory(path: string): number {
    if (path === '' || path === '/') return this.fd
    const known = this.#opened.get(path)
    if (known !== undefined) return known
    const fd = this.open(path, O_RDONLY | O_DIRECTORY)
    if (this.#opened.size >= OPEN_LIMIT) this.forget()
    this.#opened.set(path, fd)
    return fd
  }

  /** Forgets which directory is which, so that each is looked up anew. */
  forget(): void {
    for (const fd of this.#opened.values()) closeSync(fd)
    this.#opened.clear()
  }

  close(): void {
    this.forget()
    closeSync(this.fd)
  }

  #in(directory: string, name: string): Buffer {
    const base = this.#byDescriptor
      ? Buffer.from(`${DESCRIPTORS}/${this.directory(directory)}/`)
      : Buffer.concat([Buffer.from(this.path), encodeName(`${directory}/`)])
    return Buffer.concat([base, encodeName(name)])
  }

  #ifThere<T>(path: string, look: () => T): T | undefined {
    try {
      return look()
    } catch (cause) {
      if (hasCode(cause, 'ENOENT', 'ENOTDIR', 'ELOOP', 'EINVAL', 'ENAMETOOLONG')) return undefined
      throw refused(path, 'cannot be read', cause)
    }
  }
}
