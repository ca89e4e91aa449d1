import { VmcloneError } from '../../errors/index.ts'
import type { Change } from '../../transaction/change.ts'
import type { Session } from '../session.ts'
import { overlayEtc } from './etc-overlay.ts'
import type { MountedFilesystem } from './facts.ts'
import { mountFailure } from './mount-failure.ts'
import { tryMount } from './try-mount.ts'

/** Mounts them all, and what they are laid over. Throws FILESYSTEM_DAMAGED, FILESYSTEM_TOOL_MISSING. */
export async function mountStorage(
  session: Session,
  storage: readonly MountedFilesystem[],
  readonly: boolean,
): Promise<void> {
  for (const { device, type, mountpoint, options, readonly: never } of storage) {
    const all = [
      readonly || never ? 'ro' : 'rw',
      ...(options === '' ? [] : [options]),
      ...(type === 'xfs' ? ['nouuid'] : []),
    ]
    const answer = await tryMount(session, { device, type, mountpoint }, all)
    if (answer.ok) continue
    if (/mount point|mount exists|No such file or directory/i.test(answer.error))
      throw new VmcloneError(
        'FILESYSTEM_MISSING',
        `the guest has no directory ${mountpoint} to mount ${device} at`,
      )
    throw mountFailure(device, type, answer.error)
  }
  if (storage.some(({ readonly: never }) => never)) await overlayEtc(session, readonly)
}

/** A change without what the file system that it lies on cannot keep: vfat has neither modes nor owners. */
export function keepable(change: Change, storage: readonly MountedFilesystem[]): Change {
  if (change.at !== 'guest' || change.kind !== 'write') return change
  const on = filesystemOf(change.path, storage)
  if (on?.type !== 'vfat') return change
  const { mode: _mode, owner: _owner, ...kept } = change
  return kept
}

/** The file system that a guest's path lies on. `storage`: parents before children. */
export function filesystemOf<Mount extends { readonly mountpoint: string }>(
  path: string,
  storage: readonly Mount[],
): Mount | undefined {
  return storage.findLast(({ mountpoint }) => mountpoint === '/' || path.startsWith(`${mountpoint}/`))
}
