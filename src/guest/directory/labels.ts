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

  /** undefined if it has none, or is neither a file nor a directory. */
  read(path: string): string | undefined {
    const stat = this.#root.stat(path)
    if (!stat?.isFile() && !stat?.isDirectory()) return undefined
    const fd = path === '/' ? this.#root.fd : this.#root.open(path, constants.O_RDONLY)
    try {
      const { failed, stdout } = attribute(
        'getfattr',
        ['--only-values', '--absolute-names', '-n', ATTRIBUTE],
        fd,
      )
      return failed ? undefined : stdout.replace(/[\0\n]+$/, '') || undefined
    } finally {
      if (fd !== this.#root.fd) closeSync(fd)
    }
  }

  /** Labels an open file. Throws TREE_WRITE_FAILED. */
  write(path: string, fd: number, label: string): void {
    const { failed, stderr } = attribute('setfattr', ['-n', ATTRIBUTE, '-v', `${label}\\000`], fd)
    if (failed)
      throw new VmcloneError('TREE_WRITE_FAILED', `${path} cannot be labelled: ${stderr.slice(0, 200)}`)
  }
}

function attribute(
  tool: string,
  args: readonly string[],
  fd: number,
): { failed: boolean; stdout: string; stderr: string } {
  const { status, stdout, stderr, error } = spawnSync(tool, [...args, INHERITED], {
    stdio: ['ignore', 'pipe', 'pipe', fd],
    encoding: 'latin1',
  })
  if (hasCode(error, 'ENOENT'))
    throw new VmcloneError('TOOL_MISSING', `${tool} is not installed, and the guest uses SELinux`, {
      hint: 'Install the package attr, so that new files get their labels.',
    })
  return { failed: status !== 0, stdout: stdout ?? '', stderr: stderr ?? '' }
}
