import { constants } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { execa } from 'execa'
import { VmcloneError } from '../../errors/index.ts'
import { hasCode } from '../../transaction/atomic.ts'
import { refuseInterrupted } from '../../transaction/interruption.ts'

/** Copies a file as a reflink: true if it is one, false where the file system cannot, and nothing is left then. */
export async function reflinkFile(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL)
    return true
  } catch (error) {
    if (!hasCode(error, 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ENOTTY', 'EXDEV', 'EINVAL'))
      throw asCopyFailure(error)
    await rm(to, { force: true })
    return false
  }
}

/**
 * Copies a file of any size; the kernel moves the bytes, and holes stay holes. Node's own copyFile fills them, so it is
 * GNU cp; where there is another cp, copyFile must do. Throws NO_SPACE, INTERRUPTED, COPY_FAILED.
 */
export async function copySparse(from: string, to: string, signal?: AbortSignal): Promise<void> {
  const result = await execa('cp', ['--sparse=auto', '--reflink=never', '--', from, to], {
    reject: false,
    stdin: 'ignore',
    env: { LC_ALL: 'C' },
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  })
  if (!result.failed) return
  await refuseInterrupted(result, signal)
  const words = String(result.stderr ?? '').trim()
  if (/No space left on device|Disk quota exceeded/.test(words)) throw new VmcloneError('NO_SPACE', words)
  if (result.code !== 'ENOENT' && !/(unrecognized|illegal|invalid) option/.test(words))
    throw new VmcloneError('COPY_FAILED', words || 'cp failed')
  await copyFile(from, to).catch((error: unknown) => {
    throw asCopyFailure(error)
  })
}

/** NO_SPACE or COPY_FAILED for a system error. */
export function asCopyFailure(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const code = hasCode(error, 'ENOSPC', 'EDQUOT') ? 'NO_SPACE' : 'COPY_FAILED'
  return new VmcloneError(code, error.message, { cause: error })
}
