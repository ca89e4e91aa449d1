import { VmcloneError } from '../../errors/index.ts'
import type { IdChange } from '../../transaction/change.ts'
import type { Session } from '../session.ts'
import { GROUPS_SCRIPT, type GroupFact, parseGroups } from './groups.ts'
import { requireTool } from './tools.ts'

/** True for an id that only its whole volume group can be written with. */
export function isOfGroup({ bearer, format }: IdChange): boolean {
  return bearer === 'volume-group' || format === 'LVM2_member'
}

/**
 * Gives volume groups and their physical volumes new ids, and leaves them active. LVM's own commands draw ids; restoring the group's
 * metadata is the one way to set them. Nothing on the groups may be in use. Throws GUESTFISH_FAILED, FILESYSTEM_TOOL_MISSING.
 */
export async function writeGroupIds(session: Session, changes: readonly IdChange[]): Promise<void> {
  const [first] = changes
  if (first === undefined) return
  await requireTool(session, 'lvm2', first.path)
  const renewed = new Map(changes.map(({ before, after }) => [before, after]))
  const groups = parseGroups(await session.run('debug', 'sh', GROUPS_SCRIPT))
  const known = new Set(groups.flatMap(({ uuid, members }) => [uuid, ...members.map((one) => one.uuid)]))
  const lost = changes.find(({ before }) => !known.has(before))
  if (lost) throw new VmcloneError('GUESTFISH_FAILED', `LVM no longer tells of ${lost.path}`)
  for (const group of groups) {
    const ids = [group.uuid, ...group.members.map(({ uuid }) => uuid)]
    if (!ids.some((id) => renewed.has(id))) continue
    await session.run('vg-activate', 'false', group.name)
    await session.run('debug', 'sh', restoring(group, renewed))
    await session.run('vg-activate', 'true', group.name)
  }
}

/** A shell script, in which every word from the guest's disks has passed parseGroups. */
function restoring({ name, members }: GroupFact, renewed: ReadonlyMap<string, string>): string {
  const file = '/tmp/vmclone-fix.vg'
  const exchanges = [...renewed].map(([before, after]) => `-e 's/${before}/${after}/g'`)
  const labels = members.map(({ device, uuid, metadataCopies }) => {
    const options = `--uuid ${renewed.get(uuid) ?? uuid} --restorefile ${file}`
    return `lvm pvcreate -q -ff -y ${options} --pvmetadatacopies ${metadataCopies} ${device}`
  })
  return [
    'set -e',
    `rm -f ${file}`,
    `lvm vgcfgbackup -q -f ${file} ${name}`,
    `sed -i ${exchanges.join(' ')} ${file}`,
    ...labels,
    `lvm vgcfgrestore -q -f ${file} ${name}`,
    `rm ${file}`,
  ].join('; ')
}
