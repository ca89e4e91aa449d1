import { VmcloneError } from '../../errors/index.ts'
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
    const root = roots.find((candidate) => nameOf(candidate) === wanted || candidate.device === wanted)
    if (root) return root
    throw new VmcloneError('NO_OPERATING_SYSTEM', `${wanted} holds no Linux root directory; ${found(roots)}`)
  }
  const [first, ...others] = roots
  if (!first) throw noRoot(blocks)
  if (others.length === 0) return first
  throw new VmcloneError(
    'SEVERAL_OPERATING_SYSTEMS',
    `the VM holds ${roots.length} Linux systems: ${found(roots)}`,
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
  mounts.set('/', mounted('/', root.device, root.type, root.subvolume ? [`subvol=${root.subvolume}`] : []))
  for (const entry of parseFstab(root.fstab ?? '')) {
    if (
      entry.mountpoint === '/' ||
      !WANTED.some((path) => path === entry.mountpoint || below(entry.mountpoint))
    )
      continue
    if (!local(entry)) continue
    const block = deviceOf(blocks, entry.spec)
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

/** The device that an fstab names. */
export function deviceOf(blocks: readonly BlockFact[], spec: string): BlockFact | undefined {
  const [, tag, value = ''] = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.*)$/s.exec(spec) ?? []
  const same = (a: string | undefined): boolean => a?.toLowerCase() === value.toLowerCase()
  if (tag === 'UUID') return blocks.find((block) => same(block.uuid))
  if (tag === 'LABEL') return blocks.find((block) => block.label === value)
  if (tag === 'PARTUUID') return blocks.find((block) => same(block.partUuid))
  if (tag === 'PARTLABEL') return blocks.find((block) => block.partLabel === value)
  const byLink = /^\/dev\/disk\/by-(uuid|label|partuuid|partlabel)\/(.*)$/s.exec(spec)
  if (byLink) return deviceOf(blocks, `${byLink[1]?.toUpperCase()}=${unmangle(byLink[2] ?? '')}`)
  const names = spellings(spec)
  return blocks.find((block) => names.includes(block.device))
}

/** Device-mapper's name of an LV, and the names that other buses give the same disk. */
function spellings(spec: string): string[] {
  const mapper = /^\/dev\/mapper\/((?:[^-]|--)+)-((?:[^-]|--)+)$/.exec(spec)
  if (mapper) return [`/dev/${mapper[1]?.replaceAll('--', '-')}/${mapper[2]?.replaceAll('--', '-')}`]
  const disk = /^\/dev\/(?:[hsv]|xv)d([a-z]+\d*)$/.exec(spec)
  if (disk) return [`/dev/sd${disk[1]}`]
  const nvme = /^\/dev\/nvme(\d)n1(?:p(\d+))?$/.exec(spec)
  if (nvme) return [`/dev/sd${String.fromCharCode(97 + Number(nvme[1]))}${nvme[2] ?? ''}`]
  return [spec]
}

/** udev writes odd bytes of labels as \xNN. */
function unmangle(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
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
  const luks = blocks.find((block) => block.type === 'crypto_LUKS')
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
