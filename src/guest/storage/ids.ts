import type { Session } from '../session.ts'
import type { StorageId } from '../storage-id.ts'
import { withContainers } from './containers.ts'
import type { FoundStorage } from './facts.ts'
import { isPlainDevice } from './stack.ts'

/**
 * The ids of what stands on the devices that were found, and of the disks and partitions that they are, as they are on the disks
 * now. A device that bears none, and whatever blkid does not know, has no place in the list.
 */
export async function readIds(session: Session, found: FoundStorage): Promise<StorageId[]> {
  const { devices } = found
  const all = [...new Set([...devices.flatMap(diskOf), ...devices])]
  const answers = await session.send(all.map((device) => ['blkid', device]))
  const said = all.flatMap((device, index) => {
    const answer = answers[index]
    return answer?.ok ? [{ device, output: answer.output.toString('utf8') }] : []
  })
  const ids = said.flatMap(({ device, output }) => parseIds(device, output))
  const names = new Map(said.map(({ device, output }) => [device, nameWithin(output) ?? device]))
  return withContainers(session, ids, found, names)
}

/**
 * What the appliance itself calls a device, one name that a shell takes as it is: disks may have come to it in another order than that of
 * the drives. Undefined where blkid knows nothing of what is on the device.
 */
export async function nameInAppliance(session: Session, device: string): Promise<string | undefined> {
  const { ok, output } = await session.attempt('blkid', device)
  return ok ? nameWithin(output.toString('utf8')) : undefined
}

function nameWithin(output: string): string | undefined {
  return /^DEVNAME: (\/dev\/[\w/.+-]+)$/m.exec(output)?.[1]
}

/** What blkid's export format says of the ids of one device. */
export function parseIds(device: string, output: string): StorageId[] {
  const values = new Map<string, string>()
  for (const [, key = '', value = ''] of output.matchAll(/^([A-Z_]+): (.*)$/gm)) values.set(key, value)
  const found = (bearer: StorageId['bearer'], format = '', id = ''): StorageId[] =>
    format === '' || id === '' ? [] : [{ device, bearer, format, id }]
  const type = values.get('TYPE') ?? ''
  const usage = values.get('USAGE')
  const bearer = usage === 'filesystem' ? usage : type === 'swap' ? type : 'container'
  const scheme = values.get('PART_ENTRY_SCHEME')
  return [
    // An extended partition has a table too, which is part of the disk's.
    ...(scheme === undefined ? found('partition-table', values.get('PTTYPE'), values.get('PTUUID')) : []),
    ...found('partition', scheme, values.get('PART_ENTRY_UUID')),
    ...found(bearer, type, values.get('UUID')),
  ]
}

/** The disk that a partition is on. */
function diskOf(device: string): string[] {
  return isPlainDevice(device) ? [device.replace(/\d+$/, '')] : []
}
