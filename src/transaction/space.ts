import { stat, statfs } from 'node:fs/promises'
import { VmcloneError } from '../errors/index.ts'

/** Metadata of grains, images and directories. */
const MARGIN = 4 * 1024 * 1024

/** Throws NO_SPACE if a file system lacks the bytes that are to be written into these directories. */
export async function checkSpace(needs: readonly { directory: string; bytes: number }[]): Promise<void> {
  const perDevice = new Map<number, { directory: string; bytes: number }>()
  for (const { directory, bytes } of needs) {
    const { dev } = await stat(directory)
    perDevice.set(dev, { directory, bytes: bytes + (perDevice.get(dev)?.bytes ?? MARGIN) })
  }
  for (const { directory, bytes } of perDevice.values()) {
    const { bavail, bsize } = await statfs(directory)
    if (bavail * bsize >= bytes) continue
    const [has, wants] = [bavail * bsize, bytes].map((n) => `${Math.ceil(n / 1024 / 1024)} MiB`)
    throw new VmcloneError('NO_SPACE', `${directory} has ${has} free, the commit may need ${wants}`)
  }
}
