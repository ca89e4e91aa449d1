import type { Command } from '../quote.ts'
import type { Session } from '../session.ts'
import type { BlockFact } from './facts.ts'

/** All block devices of the VM that may hold something, with what blkid says of them. */
export async function probeBlocks(session: Session): Promise<BlockFact[]> {
  const [disks = [], partitions = []] = await lists(session, [['list-devices'], ['list-partitions']])
  const whole = disks.filter(
    (disk) => !partitions.some((part) => part.startsWith(disk) && /^p?\d+$/.test(part.slice(disk.length))),
  )
  const blocks = await identify(session, [...partitions, ...whole])
  const holds = (type: string): boolean => blocks.some((block) => block.type === type)
  if (holds('linux_raid_member')) {
    const [arrays = []] = await lists(session, [['list-md-devices']])
    blocks.push(...(await identify(session, arrays)))
  }
  if (holds('LVM2_member')) {
    const [volumes = []] = await lists(session, [['lvs']])
    blocks.push(...(await identify(session, volumes)))
  }
  return blocks
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

async function identify(session: Session, devices: readonly string[]): Promise<BlockFact[]> {
  const answers = await session.send(devices.map((device) => ['blkid', device]))
  return devices.map((device, index) => {
    const answer = answers[index]
    return answer?.ok ? parseBlkid(device, answer.output.toString('utf8')) : { device }
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
