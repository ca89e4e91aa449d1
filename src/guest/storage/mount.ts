import { VmcloneError } from '../../errors/index.ts'
import type { Session } from '../session.ts'
import type { MountedFilesystem } from './facts.ts'
import { chooseRoot, planMounts, refuseHibernated } from './layout.ts'
import { mountFailure } from './mount-failure.ts'
import { probeBlocks } from './probe.ts'
import { findRoots } from './roots.ts'

/**
 * Finds the guest's file systems; nothing is mounted afterwards. `root` names the device, or DEVICE:SUBVOLUME, where
 * there are several systems. Throws the storage errors of errors/guest.ts.
 */
export async function findStorage(session: Session, root?: string): Promise<MountedFilesystem[]> {
  const blocks = await probeBlocks(session)
  refuseHibernated(blocks)
  const { roots, faults } = await findRoots(session, blocks)
  const [fault] = faults
  if (roots.length === 0 && fault) throw fault
  return planMounts(blocks, chooseRoot(blocks, roots, root))
}

/** Mounts them all. Throws FILESYSTEM_DAMAGED, FILESYSTEM_TOOL_MISSING. */
export async function mountStorage(
  session: Session,
  storage: readonly MountedFilesystem[],
  readonly: boolean,
): Promise<void> {
  for (const { device, type, mountpoint, options } of storage) {
    const all = [
      readonly ? 'ro' : 'rw',
      ...(options === '' ? [] : [options]),
      ...(type === 'xfs' ? ['nouuid'] : []),
    ]
    const answer = await session.attempt('mount-options', all.join(','), device, mountpoint)
    if (answer.ok) continue
    if (/mount point|mount exists|No such file or directory/i.test(answer.error))
      throw new VmcloneError(
        'FILESYSTEM_MISSING',
        `the guest has no directory ${mountpoint} to mount ${device} at`,
      )
    throw mountFailure(device, type, answer.error)
  }
}
