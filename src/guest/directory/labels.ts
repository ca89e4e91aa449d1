import { spawnSync } from 'node:child_process'
import { closeSync, constants } from 'node:fs'
import { VmcloneError } from '../../errors/index.ts'
import { hasCode } from '../../transaction/atomic.ts'
import type { RootDirectory } from './root.ts'

const ATTRIBUTE = 'security.selinux'
/** The child's name for the file that it inherits: no path is looked up again. */
const INHERITED = '/proc/self/fd/3'

/** SELinux labels of files, by getfattr(1) and setfattr(1): Node knows no extended attributes. Both throw TOOL_MISSING. */
export class Labels {
  readonly #root: RootDirectory

  constructor(root: RootDirectory) {
    this.#root = root
  }

  /** undefined if it has none, or is neither a file nor a directory nor a link. */
  read(path: string): string | undefined {
    const stat = this.#root.stat(path)
    if (stat?.isSymbolicLink()) return this.#readLink(path)
    if (!stat?.isFile() && !stat?.isDirectory()) return undefined
    const fd = path === '/' ? this.#root.fd : this.#root.open(path, constants.O_RDONLY)
    try {
      return labelIn(attribute('getfattr', READING, fd))
    } finally {
      if (fd !== this.#root.fd) closeSync(fd)
    }
  }

  /** Labels an open file. Throws TREE_WRITE_FAILED. */
  write(path: string, fd: number, label: string): void {
    check(path, attribute('setfattr', setting(label), fd))
  }

  /** Labels a link, not what it leads to. Throws TREE_WRITE_FAILED. */
  writeLink(path: string, label: string): void {
    const { fd, name } = this.#place(path)
    check(path, attribute('setfattr', ['-h', ...setting(label)], fd, name))
  }

  #readLink(path: string): string | undefined {
    const { fd, name } = this.#place(path)
    return labelIn(attribute('getfattr', ['-h', ...READING], fd, name))
  }

  #place(path: string): { fd: number; name: string } {
    const at = path.lastIndexOf('/')
    return { fd: this.#root.directory(path.slice(0, at)), name: path.slice(at) }
  }
}

const READING = ['--only-values', '--absolute-names', '-n', ATTRIBUTE]

function setting(label: string): string[] {
  return ['-n', ATTRIBUTE, '-v', `${label}\\000`]
}

function labelIn({ failed, stdout }: Answer): string | undefined {
  return failed ? undefined : stdout.replace(/[\0\n]+$/, '') || undefined
}

function check(path: string, { failed, stderr }: Answer): void {
  if (failed)
    throw new VmcloneError('TREE_WRITE_FAILED', `${path} cannot be labelled: ${stderr.slice(0, 200)}`)
}

interface Answer {
  readonly failed: boolean
  readonly stdout: string
  readonly stderr: string
}

/** `below`: "/name" of an entry of the directory that fd is. */
function attribute(tool: string, args: readonly string[], fd: number, below = ''): Answer {
  const { status, stdout, stderr, error } = spawnSync(tool, [...args, INHERITED + below], {
    stdio: ['ignore', 'pipe', 'pipe', fd],
    encoding: 'latin1',
  })
  if (hasCode(error, 'ENOENT'))
    throw new VmcloneError('TOOL_MISSING', `${tool} is not installed, and the guest uses SELinux`, {
      hint: 'Install the package attr, so that new files get their labels.',
    })
  return { failed: status !== 0, stdout: stdout ?? '', stderr: stderr ?? '' }
}
