import type { Command } from '../quote.ts'
import type { Session } from '../session.ts'
import { diskName } from './disk-name.ts'
import type { BlockFact } from './facts.ts'
import { activateVolumes, seeOnly } from './lvm.ts'
import { requireTool } from './tools.ts'

/**
 * All block devices of the VM that may hold something, with what blkid says of them. `only`: the VM's disks, where the appliance
 * has those of others too. Throws FILESYSTEM_TOOL_MISSING.
 */
export async function probeBlocks(session: Session, only?: readonly string[]): Promise<BlockFact[]> {
  const [every = [], disks = only ?? []] = await lists(session, [
    ['list-partitions'],
    ...(only === undefined ? [['list-devices'] as const] : []),
  ])
  const partitions = every.filter((part) => disks.some((disk) => isOn(part, disk)))
  const whole = disks.filter((disk) => !partitions.some((part) => isOn(part, disk)))
  const blocks = await identify(
    session,
    [...partitions, ...whole].map((device) => ({
      device,
      ...(only ? { aliases: ownNames(device, only) } : {}),
    })),
  )
  const member = blocks.find((block) => block.type === 'linux_raid_member')
  if (!member) return withVolumes(session, [], blocks, only !== undefined)
  await requireTool(session, 'mdadm', member.device)
  const [arrays = []] = await lists(session, [['list-md-devices']])
  const fresh = arrays.filter((device) => !blocks.some((block) => block.device === device))
  return withVolumes(
    session,
    blocks,
    await Promise.all(fresh.map((device) => arrayFact(session, device))),
    only !== undefined,
  )
}

/** What the device would be called if these disks were the only ones: what a guest's fstab means by such a name. */
function ownNames(device: string, disks: readonly string[]): string[] {
  const at = disks.findIndex((disk) => device === disk || isOn(device, disk))
  return at < 0 ? [] : [`${diskName(at)}${device.slice((disks[at] as string).length)}`]
}

/** True for "/dev/sda1" on "/dev/sda". */
function isOn(partition: string, disk: string): boolean {
  return partition.startsWith(disk) && /^p?\d+$/.test(partition.slice(disk.length))
}

/**
 * Blocks known before, new ones with what they hold, and the logical volumes that come to light by those. `shared`: the appliance has
 * disks of others too, which LVM must not see.
 */
export async function withVolumes(
  session: Session,
  known: readonly BlockFact[],
  fresh: readonly BlockFact[],
  shared: boolean,
): Promise<BlockFact[]> {
  const blocks = [...known, ...(await identify(session, fresh))]
  const members = blocks.filter((block) => block.type === 'LVM2_member')
  const [member] = members
  if (!member) return blocks
  await requireTool(session, 'lvm2', member.device)
  const come = members.filter(({ device }) => fresh.some((block) => block.device === device))
  if (shared && come.length > 0)
    await seeOnly(
      session,
      members.map(({ device }) => device),
    )
  const volumes = await activateVolumes(
    session,
    !shared && come.some(({ container }) => container !== undefined),
  )
  const added = volumes.filter((device) => !blocks.some((block) => block.device === device))
  return [
    ...blocks,
    ...(await identify(
      session,
      added.map((device) => ({ device })),
    )),
  ]
}

/** The guest knows an array by the name in its metadata, the appliance by the next free number. */
async function arrayFact(session: Session, device: string): Promise<BlockFact> {
  const detail = await session.attempt('md-detail', device)
  const name = /^name: (?:.*:)?(.+)$/m.exec(detail.output.toString('utf8'))?.[1]
  return { device, ...(name === undefined ? {} : { aliases: [`/dev/md/${name}`, `/dev/md${name}`] }) }
}

async function lists(session: Session, commands: readonly Command[]): Promise<string[][]> {
  const outputs = await session.runAll(commands)
  return outputs.map((output) =>
    output
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== ''),
  )
}

async function identify(session: Session, blocks: readonly BlockFact[]): Promise<BlockFact[]> {
  const unknown = blocks.filter(({ type }) => type === undefined)
  const answers = await session.send(unknown.map(({ device }) => ['blkid', device]))
  return blocks.map((block) => {
    const answer = answers[unknown.indexOf(block)]
    return answer?.ok ? { ...block, ...parseBlkid(block.device, answer.output.toString('utf8')) } : block
  })
}

/** What blkid's export format says, as guestfish prints it: "KEY: value" with blanks and the like escaped. */
export function parseBlkid(device: string, output: string): BlockFact {
  const values = new Map<string, string>()
  for (const line of output.split('\n')) {
    const at = line.indexOf(': ')
    if (at > 0) values.set(line.slice(0, at), unescaped(line.slice(at + 2)))
  }
  const fact = (key: keyof BlockFact, name: string): Partial<BlockFact> => {
    const value = values.get(name)
    return value === undefined || value === '' ? {} : { [key]: value }
  }
  return {
    device,
    ...fact('type', 'TYPE'),
    ...fact('uuid', 'UUID'),
    ...fact('label', 'LABEL'),
    ...fact('partUuid', 'PART_ENTRY_UUID'),
    ...fact('partLabel', 'PART_ENTRY_NAME'),
  }
}

function unescaped(value: string): string {
  return value.replace(
    /\\(?:x([0-9a-f]{2})|(.))/g,
    (_, hex: string | undefined, plain: string | undefined) =>
      hex === undefined ? (plain ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
