import { closeSync, constants, fchmodSync, fstatSync } from 'node:fs'
import { hasCode } from '../../transaction/atomic.ts'
import type { RootDirectory } from './root.ts'

/** Opens a file for reading and writing; a user's own file also where its mode forbids that, which it still does afterwards. */
export function openWritable(root: RootDirectory, path: string): number {
  try {
    return root.open(path, constants.O_RDWR)
  } catch (error) {
    if (!hasCode(error, 'EACCES')) throw error
    const held = root.open(path, constants.O_RDONLY)
    try {
      const { mode, uid } = fstatSync(held)
      if (uid !== process.geteuid?.()) throw error
      fchmodSync(held, (mode & 0o7777) | 0o200)
      try {
        return root.open(path, constants.O_RDWR)
      } finally {
        fchmodSync(held, mode & 0o7777)
      }
    } finally {
      closeSync(held)
    }
  }
}
