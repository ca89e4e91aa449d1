/** Mode bits below 0o10000, owner as numbers. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Which side of a clone a file belongs to: its .vmx, another file in the VM's directory, or a file in the guest. */
export type Side = 'vmx' | 'host' | 'guest'

interface Purpose {
  /** Name of the operation that asks for it. */
  readonly operation: string
  /** One phrase for the report, such as "address 192.168.8.12/24 on ens33". */
  readonly summary: string
  /** True for private keys and seeds: never shown, printed or logged. */
  readonly secret?: boolean
}

interface Common extends Purpose {
  readonly at: Side
  /** Guest: an absolute path without symbolic links. vmx and host: relative to the VM's directory. */
  readonly path: string
}

/** A file gets new content. The file is written in place: inode, mode, owner and label stay unless given here. */
export interface WriteChange extends Common {
  readonly kind: 'write'
  /** Content now; absent: the file does not exist. */
  readonly before?: Uint8Array
  readonly after: Uint8Array
  /** Permission bits; for new files required. */
  readonly mode?: number
  /** For new files required. */
  readonly owner?: Owner
  /** New files: an existing file of the same SELinux type, whose label is copied. */
  readonly labelLike?: string
  /** New files: the SELinux type wanted if there is no such file, e.g. "net_conf_t". */
  readonly labelType?: string
}

/** A symbolic link is made where nothing is: root's own, with the label of its directory. */
export interface LinkChange extends Common {
  readonly at: 'guest'
  readonly kind: 'link'
  /** As it is written into the link. */
  readonly target: string
}

/** A file, or a directory with all it holds, goes away. */
export interface RemoveChange extends Common {
  readonly kind: 'remove'
  /** Content now, where it was read. */
  readonly before?: Uint8Array
  /** Symbolic links: where it leads now. */
  readonly target?: string
  /** True if path is a directory that is removed whole. */
  readonly tree?: boolean
}

/** One edit of one of the VM's own files. */
export type MachineFileChange = WriteChange | RemoveChange

/** One edit of one file, as data. */
export type FileChange = MachineFileChange | LinkChange

/**
 * What an id belongs to. A partition table's is the disk's GUID or its MBR signature; a container is what file systems stand in:
 * LUKS, a physical volume of LVM, a member of a RAID.
 */
export type IdBearer =
  | 'filesystem'
  | 'swap'
  | 'container'
  | 'volume-group'
  | 'partition'
  | 'partition-table'
  | 'vmdk'

/** An id that stands on a disk, or in a VMDK's descriptor, in no file of the guest: it gets a new value. */
export interface IdChange extends Purpose {
  readonly kind: 'id'
  readonly at: 'storage' | 'descriptor'
  /**
   * storage: the block device, named as if the VM's disks were the only ones, or a volume group as "/dev/vg". descriptor: relative to the
   * VM's directory.
   */
  readonly path: string
  readonly bearer: IdBearer
  /** "ext4", "swap", "gpt", "dos", "lvm2", "vmdk": the structure in which it stands. */
  readonly format: string
  /** As blkid prints it, or as the descriptor has it. */
  readonly before: string
  /** As long as the one before. */
  readonly after: string
  /** Ids are shown. */
  readonly secret?: never
}

/** One edit of a clone, as data. */
export type Change = FileChange | IdChange

/** What people call what blkid calls so. */
const CONTAINERS: Readonly<Record<string, string>> = {
  crypto_LUKS: 'LUKS',
  LVM2_member: 'physical volume',
}

/** What such an id is called: "ext4 UUID". */
export function idName({ bearer, format }: Pick<IdChange, 'bearer' | 'format'>): string {
  if (bearer === 'vmdk') return 'ddb.uuid'
  if (bearer === 'volume-group') return 'volume group UUID'
  if (bearer === 'partition') return 'partition GUID'
  if (bearer === 'partition-table') return format === 'dos' ? 'MBR signature' : 'disk GUID'
  if (format === 'vfat') return 'vfat serial number'
  return `${CONTAINERS[format] ?? format} UUID`
}

/** The changes of the guest's files. */
export function guestFiles(changes: readonly Change[]): FileChange[] {
  return changes.filter((change): change is FileChange => change.at === 'guest')
}

/** The changes of the VM's own files. */
export function machineFiles(changes: readonly Change[]): MachineFileChange[] {
  return changes.filter((change): change is MachineFileChange => change.at === 'vmx' || change.at === 'host')
}

/** The changes of ids in the guest's storage, or in the descriptors of its disks. */
export function idsAt(at: IdChange['at'], changes: readonly Change[]): IdChange[] {
  return changes.filter((change): change is IdChange => change.at === at)
}

/** The new values of all ids that are changed. */
export function newIdsIn(changes: readonly Change[]): string[] {
  return changes.flatMap((change) => (change.kind === 'id' ? change.after : []))
}
