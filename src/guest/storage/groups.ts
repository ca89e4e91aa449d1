/** LVM allows no other characters in names; what is printed here comes from the guest's disks, and goes to a shell. */
const NAME = /^[\w+][\w+.-]*$/
const UUID = /^[0-9A-Za-z!#]{6}(-[0-9A-Za-z!#]{4}){5}-[0-9A-Za-z!#]{6}$/
const DEVICE = /^\/dev\/[\w/.+-]+$/

/** What parseGroups reads: takes no argument from the guest. */
export const GROUPS_SCRIPT = [
  'pvs -o pv_name,pv_uuid,pv_mda_count,pv_mda_used_count,vg_name',
  'vgs -o vg_name,vg_uuid,vg_attr,vg_missing_pv_count,vg_systemid',
  'lvs -a -o vg_name,segtype,lv_attr',
]
  .map((command) => `lvm ${command} --noheadings --separator : 2>/dev/null`)
  .join('; echo =; ')

/** A physical volume of a group. */
export interface PhysicalVolume {
  /** As the appliance itself calls it. */
  readonly device: string
  readonly uuid: string
  /** How many copies of the group's metadata it has. */
  readonly metadataCopies: number
}

/** A volume group as LVM tells it. */
export interface GroupFact {
  readonly name: string
  readonly uuid: string
  readonly members: readonly PhysicalVolume[]
  /** Why its ids cannot be set. */
  readonly obstacle?: string
}

/** What GROUPS_SCRIPT printed. */
export function parseGroups(output: string): GroupFact[] {
  const [volumes = [], groups = [], types = []] = output
    .split(/^=\n/m)
    .map((list) => list.split('\n').map((line) => line.trim().split(':')))
  return groups.flatMap((row): GroupFact[] => {
    const [name = '', uuid = ''] = row
    if (!NAME.test(name) || !UUID.test(uuid)) return []
    const mine = volumes.filter((fields) => fields[4] === name)
    const members = mine.flatMap(([device = '', id = '', copies = '']) =>
      DEVICE.test(device) && UUID.test(id) ? [{ device, uuid: id, metadataCopies: Number(copies) }] : [],
    )
    const kinds = types.filter((fields) => fields[0] === name).map(kindOf)
    const obstacle =
      groups.filter((fields) => fields[0] === name).length > 1
        ? 'another volume group has its name'
        : (stateOf(row) ??
          (members.length < mine.length || mine.length === 0
            ? 'a physical volume of the group is not usable'
            : mine.some((fields) => fields[2] !== fields[3])
              ? 'the group leaves metadata areas out'
              : obstacleOf(kinds)))
    return [{ name, uuid, members, ...(obstacle === undefined ? {} : { obstacle }) }]
  })
}

/** By the letters of vgs(8). */
function stateOf([, , attributes = '', missing, systemId]: readonly string[]): string | undefined {
  if (attributes[2] === 'x') return 'the volume group is exported'
  if (attributes[3] === 'p' || missing !== '0') return 'a physical volume of the group is missing'
  if (attributes[5] !== '-') return 'the volume group is shared by several hosts'
  if (attributes[0] !== 'w') return 'the volume group is read-only'
  return systemId === '' ? undefined : 'the volume group has a system ID'
}

/** A snapshot and its origin are linear to lvs, which tells them by the letters of lvs(8). */
function kindOf([, type = '', attributes = '']: readonly string[]): string {
  return /^[sSoO]/.test(attributes) ? 'snapshot' : type
}

function obstacleOf(kinds: readonly string[]): string | undefined {
  const other = kinds.find((kind) => !/^(linear|striped)$/.test(kind))
  return other === undefined ? undefined : `the group has a volume of type ${other}`
}
