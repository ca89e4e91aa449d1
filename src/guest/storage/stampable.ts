import type { Command } from '../quote.ts'
import type { Session } from '../session.ts'
import type { MountedFilesystem } from './facts.ts'
import { detourOf, isPlainDevice, parseStack, STACK_SCRIPT } from './stack.ts'
import { type BlockSize, journalsData, SUPERBLOCK_LENGTH, stampableBlockSize } from './superblock.ts'

/** Whether files of a file system can be written from the host: then with its block size, else why not. */
export type Stampable = Pick<MountedFilesystem, 'mountpoint' | 'device'> & BlockSize

/**
 * On which of these file systems a file's bytes lie in the disk images as they are, without a checksum, and at one place: ext2,
 * ext3, ext4 and XFS on disks, partitions and linear logical volumes. One round trip; programs run in the appliance
 * only if there is more than disks and partitions. In the order given.
 */
export async function findStampable(
  session: Session,
  mounts: readonly MountedFilesystem[],
): Promise<Stampable[]> {
  const devices = [...new Set(mounts.map(({ device }) => device))]
  const stacked = devices.some((device) => !isPlainDevice(device))
  const heads = devices.map((device): Command => ['pread-device', device, String(SUPERBLOCK_LENGTH), '0'])
  const answers = await session.send([...heads, ...(stacked ? [['debug', 'sh', STACK_SCRIPT] as const] : [])])
  const stack = parseStack(answers[devices.length]?.output.toString('latin1') ?? '')
  return mounts.map(({ mountpoint, device, type, options }) => {
    const head = answers[devices.indexOf(device)]?.output ?? Buffer.alloc(0)
    const detour = isPlainDevice(device) ? undefined : detourOf(device, stack)
    const facts =
      detour !== undefined
        ? { reason: detour }
        : journalsData(options)
          ? { reason: 'it is mounted with data=journal' }
          : stampableBlockSize(type, head)
    return { mountpoint, device, ...facts }
  })
}
