import { VmcloneError } from '../../errors/index.ts'
import type { Session } from '../session.ts'
import type { BlockFact, FoundStorage } from './facts.ts'
import type { KeyRing } from './keys.ts'
import { chooseRoot, planMounts, refuseHibernated } from './layout.ts'
import { lockedIn, unlockAsked, unlockGiven } from './luks.ts'
import { volumeGroups } from './lvm.ts'
import { probeBlocks } from './probe.ts'
import { findRoots } from './roots.ts'

/**
 * Finds the guest's file systems and unlocks those that are encrypted; nothing is mounted afterwards. `root` names the
 * device, or DEVICE:SUBVOLUME, where there are several systems. A key is asked for only if the guest cannot be read
 * without it. `disks`: those of the guest, where the appliance has others too. Throws the storage errors of errors/guest.ts,
 * MoreMemoryNeeded.
 */
export async function findStorage(
  session: Session,
  keys: KeyRing,
  root?: string,
  disks?: readonly string[],
): Promise<FoundStorage> {
  let blocks = await unlockGiven(session, await probeBlocks(session, disks), keys, disks !== undefined)
  for (;;) {
    try {
      return await lookAt(session, blocks, root)
    } catch (error) {
      const locked = error instanceof VmcloneError && error.code === 'GUEST_ENCRYPTED'
      if (locked && !keys.canAsk && !keys.isEmpty)
        throw new VmcloneError(error.code, `${error.message}, and none of the keys given opens it`)
      if (!locked || !keys.canAsk) throw error
      const before = lockedIn(blocks).length
      blocks = await unlockAsked(session, blocks, keys, disks !== undefined)
      if (lockedIn(blocks).length === before) throw error
    }
  }
}

async function lookAt(
  session: Session,
  blocks: readonly BlockFact[],
  wanted: string | undefined,
): Promise<FoundStorage> {
  refuseHibernated(blocks)
  const { roots, faults } = await findRoots(session, blocks)
  const [fault] = faults
  if (roots.length === 0 && fault && lockedIn(blocks).length === 0) throw fault
  const mounts = planMounts(blocks, chooseRoot(blocks, roots, wanted))
  const physicalVolumes = blocks.filter(({ type }) => type === 'LVM2_member').map(({ device }) => device)
  return {
    mounts,
    systems: roots.length,
    devices: blocks.map(({ device }) => device),
    volumeGroups: physicalVolumes.length > 0 ? await volumeGroups(session) : [],
    physicalVolumes,
    unlocked: blocks.flatMap(({ container }) => container ?? []),
    raid: blocks.some(({ type }) => type === 'linux_raid_member'),
  }
}
