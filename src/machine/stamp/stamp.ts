import { constants, writeSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { VmcloneError } from '../../errors/index.ts'
import { hasCode } from '../../transaction/atomic.ts'
import { openDiskFile } from '../disk/sparse.ts'
import type { Place } from './place.ts'

/** Answers with a clone's own content of a varying file, by its path in the guest. */
export type Contents = (path: string) => Uint8Array | undefined

/**
 * Writes one clone's contents into copies of the mold's image files. `fileOf` gives the clone's copy of a file of the mold;
 * each is opened once and left to the caller to sync. Throws TypeError, before anything is written, unless there is a content of the
 * mold's length for every place, and if a file would be its own copy; NO_SPACE (a copy-on-write copy takes space
 * as it is written), DISK_NOT_ACCESSIBLE, DISK_MISSING.
 */
export async function stamp(
  places: readonly Place[],
  contents: Contents,
  fileOf: (file: string) => string,
): Promise<void> {
  const writes = new Map<string, { offset: number; bytes: Uint8Array }[]>()
  for (const { path, content, pieces } of places) {
    const own = contents(path)
    if (own?.length !== content.length)
      throw new TypeError(`${path}: the mold has ${content.length} bytes, the clone ${own?.length}`)
    for (const { file, offset, length, from } of pieces) {
      const copy = fileOf(file)
      if (copy === file) throw new TypeError(`${file} is the mold itself`)
      const list = writes.get(copy) ?? []
      list.push({ offset, bytes: own.subarray(from, from + length) })
      writes.set(copy, list)
    }
  }
  for (const [file, list] of writes) {
    const handle = await openDiskFile(file, constants.O_WRONLY | constants.O_NOFOLLOW)
    try {
      for (const { offset, bytes } of list) writeAll(handle, file, bytes, offset)
    } finally {
      await handle.close()
    }
  }
}

// A few bytes for the page cache: waiting for a thread to write them would take longer than writing them.
function writeAll({ fd }: FileHandle, file: string, bytes: Uint8Array, offset: number): void {
  try {
    for (let done = 0; done < bytes.length; )
      done += writeSync(fd, bytes, done, bytes.length - done, offset + done)
  } catch (cause) {
    const full = hasCode(cause, 'ENOSPC', 'EDQUOT')
    throw new VmcloneError(
      full ? 'NO_SPACE' : 'DISK_NOT_ACCESSIBLE',
      `${file} cannot be written: ${String(cause)}`,
      {
        cause,
      },
    )
  }
}
