import type { IdChange } from '../../transaction/change.ts'
import type { Session } from '../session.ts'
import { writeLuksUuid } from './luks.ts'
import { requireTool } from './tools.ts'
import { tryMount } from './try-mount.ts'
import { isOfGroup, writeGroupIds } from './write-group-ids.ts'

/** File systems whose log must be empty before their UUID can change. */
const LOGGED = /^(ext[34]|xfs|btrfs)$/

/**
 * Gives ids on the disks their new values, in the order of the changes, those of volume groups last. Nothing may be mounted.
 * `deviceOf`: a change's device as this appliance names it. Throws GUESTFISH_FAILED, FILESYSTEM_TOOL_MISSING.
 */
export async function writeIds(
  session: Session,
  changes: readonly IdChange[],
  deviceOf: (path: string) => string,
): Promise<void> {
  const done = new Set<string>()
  for (const change of changes) {
    if (isOfGroup(change)) continue
    // The devices of one btrfs have one UUID, and it changes on all of them at once.
    if (change.format === 'btrfs' && done.has(change.after)) continue
    done.add(change.after)
    await writeId(session, change, deviceOf(change.path))
  }
  await writeGroupIds(session, changes.filter(isOfGroup))
}

async function writeId(session: Session, { bearer, format, after }: IdChange, device: string): Promise<void> {
  if (bearer === 'partition-table' && format === 'dos') return writeNumber(session, device, after, 440)
  if (bearer === 'partition-table') {
    await requireTool(session, 'gdisk', device)
    await session.run('part-set-disk-guid', device, after)
  } else if (bearer === 'partition') {
    await requireTool(session, 'gdisk', device)
    const [disk, number] = (
      await session.runAll([
        ['part-to-dev', device],
        ['part-to-partnum', device],
      ])
    ).map((output) => output.toString('latin1').trim())
    await session.run('part-set-gpt-guid', disk as string, number as string, after)
  } else if (format === 'crypto_LUKS') await writeLuksUuid(session, device, after)
  else if (format === 'vfat') await writeFatNumber(session, device, after)
  else {
    if (LOGGED.test(format)) await replayLog(session, device, format)
    const { ok } = await session.attempt('set-uuid', device, after)
    if (ok) return
    // tune2fs writes checksums that hang on the UUID anew, and that only after a check.
    if (/^ext[234]$/.test(format)) await session.run('e2fsck', device, 'correct:true')
    await session.run('set-uuid', device, after)
  }
}

/** What a file system that was not mounted here left in its log is brought to its place by mounting it. */
async function replayLog(session: Session, device: string, type: string): Promise<void> {
  const options = type === 'xfs' ? ['rw', 'nouuid'] : ['rw']
  const { ok } = await tryMount(session, { device, type, mountpoint: '/' }, options)
  if (ok) await session.run('umount', '/')
}

/** The serial number of FAT stands in the boot sector, on FAT32 also in the copy of it (Microsoft's FAT specification 1.03). */
async function writeFatNumber(session: Session, device: string, text: string): Promise<void> {
  const [boot = Buffer.alloc(0)] = await session.runAll([['pread-device', device, '512', '0']])
  const isFat32 = boot.readUInt16LE(22) === 0
  await writeNumber(session, device, text, isFat32 ? 67 : 39)
  if (!isFat32) return
  const [sectorSize, reserved, copy] = [11, 14, 50].map((offset) => boot.readUInt16LE(offset)) as [
    number,
    number,
    number,
  ]
  // 0, or what is no reserved sector, where there is none.
  if (copy > 0 && copy < reserved) await writeNumber(session, device, text, copy * sectorSize + 67)
}

/** A number of four bytes, little-endian, none of them zero. `text`: in hex digits, "1a2b3c4d" or "1A2B-3C4D". */
async function writeNumber(session: Session, device: string, text: string, offset: number): Promise<void> {
  const bytes = Buffer.from(text.replace('-', ''), 'hex').reverse()
  await session.run('pwrite-device', device, bytes, String(offset))
}
