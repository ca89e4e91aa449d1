import type { Session } from '../session.ts'
import type { VolumeGroup } from './facts.ts'

/** System ids and names that may stand in a shell's command; LVM allows no others. */
const SAFE = /^[A-Za-z0-9._+/-]+$/

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
 * The devices of all logical volumes, activated. A group with a system id belongs to the guest alone and is not seen
 * before the appliance takes that id too. `scan`: physical volumes have come to light since the appliance started.
 */
export async function activateVolumes(session: Session, scan: boolean): Promise<string[]> {
  if (scan) await session.send([['vgscan'], ['vg-activate-all', 'true']])
  const own = (await session.run('lvs')).split('\n').filter((line) => line !== '')
  const groups = await volumeGroups(session)
  const foreign = groups.filter(
    ({ name, systemId }) => systemId !== undefined && SAFE.test(systemId) && SAFE.test(name),
  )
  const volumes = await Promise.all(foreign.map((group) => activateForeign(session, group)))
  return [...own, ...volumes.flat()]
}

async function activateForeign(session: Session, { name, systemId }: VolumeGroup): Promise<string[]> {
  const config = `--config 'local/extra_system_ids=["${systemId}"]'`
  const [, list] = await session.send([
    ['debug', 'sh', `lvm vgchange -ay ${config} ${name}`],
    [
      'debug',
      'sh',
      `lvm lvs ${config} --noheadings -o lv_name -S 'lv_role=public && lv_skip_activation!=yes' ${name}`,
    ],
  ])
  const words = list?.output.toString('latin1').split(/\s+/) ?? []
  return words.filter((volume) => SAFE.test(volume)).map((volume) => `/dev/${name}/${volume}`)
}
