import type { Session } from '../session.ts'
import type { BlockFact } from './facts.ts'

/** A read-only file system that is the /usr of a system, in one of the slots that its updates take in turn. */
export interface UsrFact {
  readonly device: string
  readonly type: string
  /** PRETTY_NAME or the like. */
  readonly title: string
}

const SLOT = /^USR-[A-Z]$/
const SECTOR = 512
/** Two sectors, and a usual table of 128 partitions. */
const TABLE_LENGTH = 2 * SECTOR + 128 * 128
const NO_PRIORITY = -1

/** True for the root of a system whose /usr is in a slot: it has no fstab, and its os-release lies in /usr. */
export function needsUsr({ label }: BlockFact): boolean {
  return label === 'ROOT'
}

/** What is mounted at "/", if it is the file system of a slot. */
export async function lookAtSlot(
  session: Session,
  { device, partLabel = '' }: BlockFact,
  type: string,
): Promise<UsrFact | undefined> {
  if (!SLOT.test(partLabel)) return undefined
  const release = await session.attempt('pread', '/lib/os-release', '65536', '0')
  return release.ok ? { device, type, title: titleIn(release.output.toString('latin1')) } : undefined
}

/** The slot that the boot loader takes: that of the highest priority in the attributes of its partition. */
export async function bootedSlot(session: Session, slots: readonly UsrFact[]): Promise<UsrFact | undefined> {
  if (slots.length < 2) return slots[0]
  const priorities: number[] = []
  for (const { device } of slots) {
    const [, disk = '', number] = /^(.*\D)(\d+)$/.exec(device) ?? []
    const answer = await session.attempt('pread-device', disk, String(TABLE_LENGTH), '0')
    priorities.push(answer.ok ? slotPriority(answer.output, Number(number)) : NO_PRIORITY)
  }
  return slots[priorities.indexOf(Math.max(...priorities))]
}

/** Bits 48 to 51 of a partition's attributes in a GPT, 0 to 15, from the start of its disk; -1 if they are not there. */
export function slotPriority(disk: Buffer, number: number): number {
  if (disk.length < TABLE_LENGTH || disk.toString('latin1', SECTOR, SECTOR + 8) !== 'EFI PART')
    return NO_PRIORITY
  const entries = Number(disk.readBigUInt64LE(SECTOR + 72)) * SECTOR
  const at = entries + (number - 1) * disk.readUInt32LE(SECTOR + 84)
  return at + 56 <= disk.length ? disk.readUInt8(at + 54) & 0x0f : NO_PRIORITY
}

/** PRETTY_NAME of an os-release. */
export function titleIn(release: string): string {
  return /^PRETTY_NAME=["']?([^"'\n]*)/m.exec(release)?.[1] ?? 'a Linux system'
}
