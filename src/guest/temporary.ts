import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { systemReason, VmcloneError } from '../errors/index.ts'

/** Makes a directory, 0700, for what lives as long as an appliance: where libguestfs would put its own files (guestfs(3)). Throws TEMPORARY_UNUSABLE. */
export async function temporaryDirectory(
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<string> {
  const place = resolve(env.LIBGUESTFS_TMPDIR || env.TMPDIR || tmpdir())
  try {
    return await mkdtemp(join(place, 'vmclone-fix-'))
  } catch (cause) {
    const fact = `nothing can be made in ${place}: ${systemReason(cause)}`
    throw new VmcloneError('TEMPORARY_UNUSABLE', fact, { cause })
  }
}

/** TMPDIR for a program that runs in another directory and does not take an empty one for none. */
export function temporaryVariable({ TMPDIR }: Readonly<Record<string, string | undefined>>): {
  TMPDIR?: string | undefined
} {
  if (TMPDIR === undefined) return {}
  return { TMPDIR: TMPDIR === '' ? undefined : resolve(TMPDIR) }
}
