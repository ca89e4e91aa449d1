import { type BigIntStats, statSync } from 'node:fs'
import { VmcloneError } from '../../errors/index.ts'
import type { RootDirectory } from './root.ts'

/** This process's root, and that of the first process: they differ in a chroot. */
const ROOTS = ['/', '/proc/1/root/']

const RELEASES = [
  '/etc/fstab',
  '/etc/os-release',
  '/usr/lib/os-release',
  '/etc/redhat-release',
  '/etc/debian_version',
]

/**
 * Throws TREE_IS_SYSTEM_ROOT if the directory is the running system's root, by whatever name (bind mounts), and
 * NO_OPERATING_SYSTEM if it holds no Linux system.
 */
export function refuseRoot(root: RootDirectory): void {
  const own = identityOf(root.path)
  if (own !== undefined && ROOTS.some((path) => sameFile(own, identityOf(path))))
    throw new VmcloneError('TREE_IS_SYSTEM_ROOT', `${root.path} is the root of the running system`)
  if (root.stat('/etc')?.isDirectory() && RELEASES.some((path) => root.stat(path) !== undefined)) return
  throw new VmcloneError('NO_OPERATING_SYSTEM', `${root.path} holds no Linux root directory`, {
    hint: 'Give the directory that holds the guest’s etc and usr.',
  })
}

/** undefined where this user may not look: /proc/1/root is root's. */
function identityOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true })
  } catch {
    return undefined
  }
}

function sameFile(one: BigIntStats, other: BigIntStats | undefined): boolean {
  return other !== undefined && other.dev === one.dev && other.ino === one.ino
}
