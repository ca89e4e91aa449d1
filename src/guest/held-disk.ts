import { normalize } from 'node:path'
import { VmcloneError } from '../errors/index.ts'
import { runQemu } from '../transaction/qemu.ts'
import type { Drive } from './launch.ts'

/**
 * DISK_IN_USE if qemu, or another program that takes its locks, has one of these disks open for writing: no appliance starts with it then,
 * and libguestfs does not say why. Undefined if none is, and for drives that are served.
 */
export async function diskInUse(drives: readonly Drive[]): Promise<VmcloneError | undefined> {
  for (const { path, format, server } of drives) {
    if (server !== undefined) continue
    try {
      await runQemu('qemu-img', ['info', '--backing-chain', '-f', format, path])
    } catch (error) {
      if (!(error instanceof VmcloneError && error.code === 'DISK_IN_USE')) continue
      const named = /image \[(.+)\]/.exec(String((error.cause as Error).message))?.[1]
      const fact = `another program has ${normalize(named ?? path)} open for writing`
      return new VmcloneError('DISK_IN_USE', fact, { cause: error })
    }
  }
  return undefined
}
