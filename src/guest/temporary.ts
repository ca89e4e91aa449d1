import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Makes a directory, 0700, for what lives as long as an appliance: where libguestfs would put its own files (guestfs(3)). */
export function temporaryDirectory(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  return mkdtemp(join(env.LIBGUESTFS_TMPDIR || env.TMPDIR || tmpdir(), 'vmclone-fix-'))
}
