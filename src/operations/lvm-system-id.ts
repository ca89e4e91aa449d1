import { VmcloneError } from '../errors/index.ts'
import type { GuestTree } from '../guest/tree.ts'
import { filesMatching } from './edit.ts'

/** lvmlocal.conf counts before lvm.conf (lvm.conf(5)). */
const CONFIGS = ['/etc/lvm/lvmlocal.conf', '/etc/lvm/lvm.conf']
const BACKUPS = ['/etc/lvm/backup/*']

/** What must be read to know on what LVM's system id hangs. */
export const LVM_READS: readonly string[] = [...CONFIGS, ...BACKUPS]

/** What a guest's LVM system id can be made of and an operation can change (lvmsystemid(7)). */
export type SystemIdSource = 'machineid' | 'appmachineid' | 'uname'

/**
 * Throws LVM_SYSTEM_ID if the guest's LVM system id is made of one of these and a volume group belongs to it:
 * once the source changes, LVM takes the group for another machine's and does not activate it.
 */
export function refuseForeignVolumes(tree: GuestTree, ...changing: readonly SystemIdSource[]): void {
  const source = tree.recall(systemIdSource)
  if (!changing.some((name) => name === source)) return
  for (const { path } of filesMatching(tree, BACKUPS)) {
    const owner = /^\s*system_id\s*=\s*"([^"]+)"/m.exec(tree.text(path) ?? '')?.[1]
    if (owner === undefined) continue
    const group = path.slice(path.lastIndexOf('/') + 1)
    const keep = source === 'uname' ? '--hostname keep' : '--machine-id keep'
    throw new VmcloneError(
      'LVM_SYSTEM_ID',
      `the LVM volume group ${group} belongs to the system id ${owner}, which LVM makes of the guest's ${WORDS[source as SystemIdSource]}`,
      {
        hint: `In the template run \`vgchange --systemid "" ${group}\`, shut it down and clone again; or use ${keep}.`,
      },
    )
  }
}

const WORDS: Readonly<Record<SystemIdSource, string>> = {
  machineid: 'machine-id',
  appmachineid: 'machine-id',
  uname: 'host name',
}

function systemIdSource(tree: GuestTree): string | undefined {
  for (const path of CONFIGS) {
    const found = [...(tree.text(path) ?? '').matchAll(/^[^#\n]*\bsystem_id_source\s*=\s*"([^"\n]*)"/gm)]
    if (found.length > 0) return found.at(-1)?.[1]
  }
  return undefined
}
