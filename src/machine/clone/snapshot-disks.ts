import { VmcloneError } from '../../errors/index.ts'
import type { Notice } from '../../notices.ts'
import { readChain } from '../disk/chain.ts'
import { locateDisk } from '../disk/locate.ts'
import { chainOptions } from '../read.ts'
import type { AttachedDisk, MachineSurvey } from '../survey.ts'
import { readDisks } from '../vmx/disks.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * The VM's disks as a snapshot holds them. An independent disk is in no snapshot: it stays the current one, with a
 * notice. Throws SNAPSHOT_UNUSABLE for another disk that the snapshot does not have, or whose current state does not
 * come from it; DISK_*.
 */
export async function disksOfSnapshot(
  machine: MachineSurvey,
  snapshot: Snapshot,
): Promise<{ disks: AttachedDisk[]; notices: Notice[] }> {
  const modes = new Map(readDisks(machine.vmx).map(({ node, mode }) => [node, mode]))
  const disks: AttachedDisk[] = []
  const notices: Notice[] = [
    {
      code: 'snapshot-cloned',
      message: `The linked clones stand on the snapshot "${snapshot.name}" of ${machine.name}`,
      hint: 'What was changed since is not in them: take a new snapshot if it is wanted, or make full clones.',
    },
  ]
  for (const disk of machine.disks) {
    const fileName = snapshot.disks.get(disk.node)
    if (fileName !== undefined) disks.push(await diskOfSnapshot(machine, disk, fileName))
    else if (modes.get(disk.node)?.startsWith('independent')) {
      disks.push(disk)
      notices.push({
        code: 'template-not-frozen',
        message: `${disk.node} of ${machine.name} is independent, so no snapshot holds it`,
        hint: 'Do not start the template any more: that breaks this disk of every linked clone.',
      })
    } else
      throw new VmcloneError(
        'SNAPSHOT_UNUSABLE',
        `the snapshot "${snapshot.name}" does not have ${disk.node}`,
      )
  }
  return { disks, notices }
}

async function diskOfSnapshot(
  { vmx, vmxPath, directory }: MachineSurvey,
  { node, chain }: AttachedDisk,
  fileName: string,
): Promise<AttachedDisk> {
  const path = await locateDisk(fileName, directory)
  if (!chain.parents.some((link) => link.descriptorPath === path))
    throw new VmcloneError(
      'SNAPSHOT_UNUSABLE',
      `${node} of the snapshot is ${path}, which is no parent of the current disk ${chain.leaf.descriptorPath}`,
    )
  return { node, chain: await readChain(path, { ...chainOptions(vmx, vmxPath), use: 'read' }) }
}
