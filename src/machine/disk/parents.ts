import { dirname, join, resolve } from 'node:path'
import { VmcloneError } from '../../errors/index.ts'
import type { DiskLink } from './chain.ts'
import { readLink } from './link.ts'
import { anyBasename, isWindowsPath, regularFile } from './locate.ts'

export interface ParentOptions {
  /** Directories to look for parents in, absolute: the .vmx's fileSearchPath, see searchDirectories. */
  readonly fileSearchPath?: readonly string[]
  /** Where another host's directories are on this one: "D:\VMs" to "/srv/vms". Case is ignored in Windows names. */
  readonly directoryMap?: Readonly<Record<string, string>>
}

/** Directories that a .vmx's fileSearchPath ("."; several are parted by ";") names, those of other hosts mapped or left out. */
export function searchDirectories(
  value: string,
  vmDirectory: string,
  directoryMap: Readonly<Record<string, string>> = {},
): string[] {
  return value
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .flatMap((entry) => (isWindowsPath(entry) ? mapped(entry, directoryMap) : [resolve(vmDirectory, entry)]))
}

/**
 * The parent that a disk's hint means: the path as written; for Windows paths and paths that do not exist here the same
 * base name in the child's directory, in fileSearchPath, or where directoryMap leads. Of several files the first with the content id
 * that the child expects. Throws DISK_MISSING, DISK_PARENT_MISMATCH and what readLink throws.
 */
export async function findParent(child: DiskLink, options: ParentOptions): Promise<DiskLink> {
  const [hint = ''] = child.parentHints
  const found: string[] = []
  for (const candidate of child.parentHints.flatMap((reading) => candidates(child, reading, options))) {
    const path = await regularFile(candidate)
    if (path !== undefined && path !== child.descriptorPath && !found.includes(path)) found.push(path)
  }
  if (found.length === 0)
    throw new VmcloneError('DISK_MISSING', `the parent "${hint}" of ${child.descriptorPath} is not there`, {
      hint: `Put ${anyBasename(hint)} back where it was, or name its directory in the .vmx's fileSearchPath.`,
    })
  let other: DiskLink | undefined
  let failure: unknown
  for (const path of found) {
    try {
      const parent = await readLink(path, 'read')
      if (parent.cid === child.parentCid) return parent
      other ??= parent
    } catch (thrown) {
      failure ??= thrown
    }
  }
  if (!other) throw failure
  throw new VmcloneError(
    'DISK_PARENT_MISMATCH',
    `${child.descriptorPath} was made from a disk with content id ${child.parentCid}, but ${other.descriptorPath} has ${other.cid}`,
  )
}

function candidates(child: DiskLink, hint: string, options: ParentOptions): string[] {
  const home = dirname(child.descriptorPath)
  const name = anyBasename(hint)
  const relativeHint = /^[A-Za-z]:|^\\/.test(hint) ? [] : [resolve(home, hint.replaceAll('\\', '/'))]
  const written = isWindowsPath(hint) ? relativeHint : [resolve(home, hint)]
  const directories = [home, ...(options.fileSearchPath ?? [])]
  return [
    ...written,
    ...directories.map((directory) => join(directory, name)),
    ...mapped(hint, options.directoryMap ?? {}),
  ]
}

/** A path of another host under each prefix of the map that fits it. */
function mapped(path: string, directoryMap: Readonly<Record<string, string>>): string[] {
  const fold = (text: string) => {
    const slashes = text.replaceAll('\\', '/').replace(/\/+$/, '')
    return isWindowsPath(text) ? slashes.toLowerCase() : slashes
  }
  return Object.entries(directoryMap).flatMap(([from, to]) => {
    const prefix = fold(from)
    const whole = path.replaceAll('\\', '/')
    const fits = fold(path) === prefix || fold(path).startsWith(`${prefix}/`)
    return fits ? [join(to, whole.slice(prefix.length))] : []
  })
}
