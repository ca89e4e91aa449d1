import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Session } from '../session.ts'
import type { VolumeGroup } from './facts.ts'

/** LVM allows no others (lvmsystemid(7)). */
const SYSTEM_ID = /^[A-Za-z0-9._+/:-]+$/

/** The volume groups of the VM, those of other systems too. */
export async function volumeGroups(session: Session): Promise<VolumeGroup[]> {
  const answer = await session.attempt(
    'debug',
    'sh',
    'lvm vgs --foreign --noheadings --separator : -o vg_name,vg_systemid',
  )
  const lines = answer.output.toString('latin1').split('\n')
  return lines.flatMap((line) => {
    const [, name, systemId = ''] = /^\s*([^:]+):(.*)$/.exec(line) ?? []
    if (name === undefined) return []
    return [{ name, ...(systemId === '' ? {} : { systemId }) }]
  })
}

/**
 * Lets LVM see these physical volumes and no others, and activates their groups: volumes that were unlocked come to light so, and
 * copies of one VM in an appliance have groups of the same names and ids.
 */
export async function seeOnly(session: Session, physicalVolumes: readonly string[]): Promise<void> {
  await session.run('lvm-set-filter', physicalVolumes.join(' '))
}

/**
 * The devices of all logical volumes, activated. A group with a system id belongs to the guest alone and is not seen
 * before the appliance takes that id too. `scan`: physical volumes have come to light since the appliance started.
 */
export async function activateVolumes(session: Session, scan: boolean): Promise<string[]> {
  const groups = await volumeGroups(session)
  const ids = groups.flatMap(({ systemId }) => (systemId === undefined ? [] : [systemId]))
  if (ids.length > 0) await takeSystemIds(session, ids)
  if (scan || ids.length > 0) await session.send([['vgscan'], ['vg-activate-all', 'true']])
  return (await session.run('lvs')).split('\n').filter((line) => line !== '')
}

async function takeSystemIds(session: Session, ids: readonly string[]): Promise<void> {
  const file = join(session.directory, 'lvmlocal.conf')
  const list = ids.filter((id) => SYSTEM_ID.test(id)).map((id) => `"${id}"`)
  if (list.length === 0) return
  // LVM takes further ids only where it has one of its own.
  const text = `global { system_id_source = "lvmlocal" }
local {
  system_id = ${list[0]}
  extra_system_ids = [ ${list.join(', ')} ]
}
`
  try {
    await writeFile(file, text, { mode: 0o600 })
    await session.runAll([
      ['debug-upload', file, '/tmp/lvmlocal.conf', '0644'],
      ['debug', 'sh', 'mv /tmp/lvmlocal.conf $LVM_SYSTEM_DIR/'],
    ])
  } finally {
    await rm(file, { force: true })
  }
}
