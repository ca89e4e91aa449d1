import { realpath, stat } from 'node:fs/promises'
import { basename, join, resolve, win32 } from 'node:path'
import { VmcloneError } from '../../errors/index.ts'
import { isInside } from '../../transaction/inside.ts'

/** True for names as Windows writes them: a drive, a share, or any backslash. */
export function isWindowsPath(name: string): boolean {
  return /^[A-Za-z]:|\\/.test(name)
}

/** Last part of a path, in whichever style it is written. */
export function anyBasename(name: string): string {
  return isWindowsPath(name) ? win32.basename(name) : basename(name)
}

/** The file with links resolved; undefined if there is none, or if it is not a regular file. */
export async function regularFile(path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path)
    return (await stat(real)).isFile() ? real : undefined
  } catch {
    return undefined
  }
}

/** True for names of a host's devices, on Linux or Windows. */
export function isDevice(name: string): boolean {
  return /^\/dev\/(?!shm\/)|^\\\\[.?]\\/.test(name)
}

/**
 * Absolute path, links resolved, of the disk that a .vmx names in `X.fileName`. A name with a directory that does not
 * exist here (Windows hosts, datastores, a VM that was moved) means the file of that base name in the VM's directory.
 * Throws DISK_RAW_DEVICE, DISK_MISSING, and DISK_OUTSIDE if the disk lies elsewhere: a copied .vmx that still
 * names the original's disk would have the original changed.
 */
export async function locateDisk(fileName: string, vmDirectory: string): Promise<string> {
  if (isDevice(fileName))
    throw new VmcloneError('DISK_RAW_DEVICE', `the .vmx names the device ${fileName} as a disk`)
  const home = await realpath(vmDirectory)
  const named = isWindowsPath(fileName) ? undefined : await regularFile(resolve(home, fileName))
  const found = named ?? (await regularFile(join(home, anyBasename(fileName))))
  if (found === undefined)
    throw new VmcloneError('DISK_MISSING', `the disk ${fileName} that the .vmx names is not there`, {
      hint: `Put ${anyBasename(fileName)} and its extents into ${home}.`,
    })
  if (!isInside(found, home))
    throw new VmcloneError(
      'DISK_OUTSIDE',
      `the disk ${fileName} lies outside of the VM's directory${found === fileName ? '' : `, at ${found}`}`,
      {
        hint: `Copy the disk into ${home}, and set the .vmx's fileName to "${anyBasename(fileName)}".`,
      },
    )
  return found
}
