import { VmcloneError } from '../../errors/index.ts'
import { parseCrypttab } from './crypttab.ts'
import { deviceOf, plainSideOf } from './devices.ts'
import type { BlockFact, MountedFilesystem, RootFact } from './facts.ts'
import { type FstabEntry, parseFstab } from './fstab.ts'

/** Directories whose file systems are mounted: those that hold what operations read or write. */
const WANTED = [
  '/',
  '/boot',
  '/boot/efi',
  '/efi',
  '/etc',
  '/home',
  '/opt',
  '/root',
  '/srv',
  '/usr',
  '/usr/local',
  '/var',
]

/** File systems that a guest's files may lie on here. */
export const SUPPORTED: readonly string[] = ['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'vfat']

/** What the user asked for, or the only root there is. Throws NO_OPERATING_SYSTEM and its like with what is there. */
export function chooseRoot(
  blocks: readonly BlockFact[],
  roots: readonly RootFact[],
  wanted?: string,
): RootFact {
  if (wanted !== undefined) {
    const named = roots.filter((candidate) => nameOf(candidate) === wanted)
    const [root, ...more] = named.length > 0 ? named : roots.filter(({ device }) => device === wanted)
    if (root && more.length === 0) return root
    if (root) throw several(roots)
    throw new VmcloneError('NO_OPERATING_SYSTEM', `${wanted} holds no Linux root directory; ${found(roots)}`)
  }
  const [first, ...others] = roots
  if (!first) throw noRoot(blocks)
  if (others.length === 0) return first
  throw several(roots)
}

function several(roots: readonly RootFact[]): VmcloneError {
  const [first] = roots
  return new VmcloneError(
    'SEVERAL_OPERATING_SYSTEMS',
    `the VM holds ${roots.length} Linux systems: ${found(roots)}`,
    { hint: `Give the one to fix, such as --root ${first ? nameOf(first) : 'DEVICE'}.` },
  )
}

/** Throws GUEST_HIBERNATED if a swap area holds a memory image. */
export function refuseHibernated(blocks: readonly BlockFact[]): void {
  const image = blocks.find((block) => block.type === 'swsuspend')
  if (image) throw new VmcloneError('GUEST_HIBERNATED', `the swap area ${image.device} holds a memory image`)
}

/** What is to be mounted for this root, parents before children; "/" comes first. */
export function planMounts(blocks: readonly BlockFact[], root: RootFact): MountedFilesystem[] {
  const mounts = new Map<string, MountedFilesystem>()
  const crypttab = parseCrypttab(root.crypttab ?? '')
  mounts.set('/', mounted('/', root.device, root.type, root.subvolume ? [`subvol=${root.subvolume}`] : []))
  if (root.usr) mounts.set('/usr', { mountpoint: '/usr', ...root.usr, options: '', readonly: true })
  for (const entry of parseFstab(root.fstab ?? '')) {
    if (
      entry.mountpoint === '/' ||
      !WANTED.some((path) => path === entry.mountpoint || below(entry.mountpoint))
    )
      continue
    if (!local(entry)) continue
    const block = guestDevice(blocks, crypttab, entry.spec)
    if (!block) {
      if (entry.options.includes('nofail') || entry.options.includes('noauto')) continue
      const fact = `fstab mounts ${entry.spec} at ${entry.mountpoint}, but no disk of the VM holds it`
      throw new VmcloneError('FILESYSTEM_MISSING', fact)
    }
    const type = block.type ?? entry.type
    if (type === 'crypto_LUKS') throw encrypted(block.device, entry.mountpoint)
    if (!SUPPORTED.includes(type))
      throw new VmcloneError('FILESYSTEM_UNSUPPORTED', `${block.device} at ${entry.mountpoint} holds ${type}`)
    mounts.set(entry.mountpoint, mounted(entry.mountpoint, block.device, type, entry.options))
  }
  return [...mounts.values()].sort(
    (a, b) =>
      a.mountpoint.split('/').length - b.mountpoint.split('/').length ||
      (a.mountpoint < b.mountpoint ? -1 : 1),
  )
}

/** What the guest has under this name, unlocked ones by their plain side. */
function guestDevice(
  blocks: readonly BlockFact[],
  crypttab: ReadonlyMap<string, string>,
  spec: string,
): BlockFact | undefined {
  const block = deviceOf(blocks, spec)
  if (block) return block
  const name = /^\/dev\/mapper\/(.+)$/s.exec(spec)?.[1]
  if (name === undefined) return undefined
  const source = crypttab.get(name) ?? /^luks-(.+)$/.exec(name)?.[1]?.replace(/^/, 'UUID=')
  const volume = source === undefined ? undefined : deviceOf(blocks, source)
  return volume && plainSideOf(blocks, volume)
}

function mounted(
  mountpoint: string,
  device: string,
  type: string,
  options: readonly string[],
): MountedFilesystem {
  const kept = type === 'btrfs' ? options.filter((option) => /^subvol(id)?=/.test(option)) : []
  return { mountpoint, device, type, options: kept.join(',') }
}

function local({ spec, type, options }: FstabEntry): boolean {
  if (
    /^(swap|none|tmpfs|proc|sysfs|devpts|nfs4?|cifs|smbfs|glusterfs|ceph|9p|overlay|auto\.\w+|fuse\..*|iso9660|udf)$/.test(
      type,
    )
  )
    return false
  return (
    !options.includes('bind') &&
    !options.includes('rbind') &&
    !options.includes('_netdev') &&
    /^(\/dev\/|[A-Z]+=)/.test(spec)
  )
}

function below(mountpoint: string): boolean {
  return /^\/(etc|usr|var)\//.test(mountpoint)
}

function nameOf(root: RootFact): string {
  return root.subvolume === undefined ? root.device : `${root.device}:${root.subvolume}`
}

function found(roots: readonly RootFact[]): string {
  const names = roots.map((root) => `${nameOf(root)} (${root.title})`)
  return names.length === 0 ? 'none was found' : names.join(', ')
}

function encrypted(device: string, mountpoint?: string): VmcloneError {
  const where = mountpoint === undefined ? '' : `, which fstab mounts at ${mountpoint},`
  return new VmcloneError('GUEST_ENCRYPTED', `${device}${where} is encrypted with LUKS`)
}

function noRoot(blocks: readonly BlockFact[]): VmcloneError {
  const luks = blocks.find((block) => block.type === 'crypto_LUKS' && plainSideOf(blocks, block) === block)
  if (luks) return encrypted(luks.device)
  const list = blocks.map((block) => `${block.device} ${block.type ?? 'unknown'}`).join(', ')
  const strange = blocks.find((block) =>
    /^(ntfs|BitLocker|zfs_member|reiserfs|jfs|f2fs|bcachefs|ufs|hfsplus|apfs|squashfs)$/.test(
      block.type ?? '',
    ),
  )
  return new VmcloneError(
    strange ? 'FILESYSTEM_UNSUPPORTED' : 'NO_OPERATING_SYSTEM',
    `no Linux root directory was found; the disks hold ${list || 'nothing'}`,
  )
}
