import { VmcloneError } from '../../errors/index.ts'

/** What to say of a path that the system did not let us have: the fact, and the system's own code. */
export function refused(path: string, fact: string, cause: unknown): VmcloneError {
  const code = (cause as NodeJS.ErrnoException).code
  const why = code === 'ERR_FS_FILE_TOO_LARGE' || code === undefined ? '' : ` (${code})`
  const denied = code === 'EACCES' || code === 'EPERM'
  const hint = code === 'EROFS' ? { hint: 'Mount the file system writable.' } : {}
  return new VmcloneError(
    'TREE_NOT_ACCESSIBLE',
    `${path} ${fact}${why}`,
    denied ? { cause } : { cause, ...hint },
  )
}
