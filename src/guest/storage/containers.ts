import type { Session } from '../session.ts'
import type { StorageId } from '../storage-id.ts'
import type { FoundStorage } from './facts.ts'
import { GROUPS_SCRIPT, type GroupFact, parseGroups } from './groups.ts'
import { filesystemOf } from './mount.ts'
import {
  groupOf,
  isBuiltUpon,
  mapperName,
  parseStack,
  type Row,
  rowsUnder,
  STACK_SCRIPT,
  type Stack,
} from './stack.ts'

/** What of the guest's stands on these: mount points, and "swap". */
type Carried = (isBelow: (row: Row) => boolean) => string[]

/**
 * These ids, those of LUKS headers and physical volumes with what is known of them, and those of volume groups. `names`: of devices as the
 * appliance itself calls them. Programs run in the appliance only if there are any.
 */
export async function withContainers(
  session: Session,
  ids: readonly StorageId[],
  found: FoundStorage,
  names: ReadonlyMap<string, string>,
): Promise<StorageId[]> {
  const hasGroups = ids.some(isPhysicalVolume)
  if (!hasGroups && !ids.some(isLuks)) return [...ids]
  const run = async (script: string): Promise<string> =>
    (await session.attempt('debug', 'sh', script)).output.toString('latin1')
  const stack = parseStack(await run(STACK_SCRIPT))
  const groups = hasGroups ? parseGroups(await run(GROUPS_SCRIPT)) : []
  const nameOf = (device: string): string => names.get(device) ?? device
  const carried = carriedOn(ids, found, (device) => rowsUnder(nameOf(device), stack))
  return [
    ...ids.map((id) => {
      if (isPhysicalVolume(id)) return member(id, groups, stack, carried)
      return isLuks(id) ? luks(id, mapperName(nameOf(id.device)), found, stack, carried) : id
    }),
    ...groups.map((group): StorageId => {
      const { name, uuid } = group
      const facts = groupFacts(group, stack, carried)
      return { device: `/dev/${name}`, bearer: 'volume-group', format: 'lvm2', id: uuid, ...facts }
    }),
  ]
}

function isLuks({ format }: StorageId): boolean {
  return format === 'crypto_LUKS'
}

function isPhysicalVolume({ format }: StorageId): boolean {
  return format === 'LVM2_member'
}

function luks(
  id: StorageId,
  name: string,
  { unlocked }: FoundStorage,
  { rows }: Stack,
  carried: Carried,
): StorageId {
  const carries = carried((row) => row.name === name)
  if (!unlocked.includes(id.device))
    return { ...id, carries, obstacle: 'it is locked, and so what is in it would keep its ids: give its key' }
  return rows.some((row) => row.name === name)
    ? { ...id, carries }
    : { ...id, carries, obstacle: 'nothing is known of what stands in it' }
}

function member(id: StorageId, groups: readonly GroupFact[], stack: Stack, carried: Carried): StorageId {
  const group = groups.find(({ members }) => members.some(({ uuid }) => uuid === id.id))
  return group === undefined
    ? { ...id, obstacle: 'LVM knows no volume group that it is in' }
    : { ...id, ...groupFacts(group, stack, carried) }
}

function groupFacts({ name, obstacle }: GroupFact, stack: Stack, carried: Carried): Partial<StorageId> {
  const why = obstacle ?? (isBuiltUpon(name, stack) ? 'an encrypted volume in the group is open' : undefined)
  return {
    group: name,
    carries: carried((row) => groupOf(row) === name),
    ...(why === undefined ? {} : { obstacle: why }),
  }
}

/** What stands on a container: the mount points of its file systems, "/boot" if the boot loader's is on it, "swap". */
export function carriedOn(
  ids: readonly StorageId[],
  { mounts }: Pick<FoundStorage, 'mounts'>,
  rowsOf: (device: string) => readonly Row[],
): Carried {
  const boot = filesystemOf('/boot/', mounts)
  const uses = [
    ...mounts.map(({ device, mountpoint }) => ({ device, as: mountpoint })),
    ...(boot === undefined ? [] : [{ device: boot.device, as: '/boot' }]),
    ...ids.filter(({ bearer }) => bearer === 'swap').map(({ device }) => ({ device, as: 'swap' })),
  ].map(({ device, as }) => ({ as, rows: devicesOf(device, ids).flatMap(rowsOf) }))
  return (isBelow) => [...new Set(uses.flatMap(({ as, rows }) => (rows.some(isBelow) ? as : [])))]
}

/** All devices of the file system on one of them: btrfs has several that bear the same id. */
function devicesOf(device: string, ids: readonly StorageId[]): string[] {
  const own = ids.find((id) => id.device === device && id.bearer === 'filesystem')
  const same = ids.filter(
    ({ format, id, bearer }) => own?.bearer === bearer && own.format === format && own.id === id,
  )
  return [device, ...same.map((id) => id.device).filter((other) => other !== device)]
}
