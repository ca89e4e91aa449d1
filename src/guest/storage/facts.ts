/** A block device of the VM with what stands on it. */
export interface BlockFact {
  /** As the appliance names it: "/dev/sda1", "/dev/vg/root", "/dev/md127". */
  readonly device: string
  /** blkid's name of what it holds: "ext4", "swap", "LVM2_member", "crypto_LUKS"; absent if nothing known. */
  readonly type?: string
  readonly uuid?: string
  readonly label?: string
  readonly partUuid?: string
  readonly partLabel?: string
  /** The encrypted volume whose plain side this is. */
  readonly container?: string
  /** Further names under which the guest may know it. */
  readonly aliases?: readonly string[]
}

/** An LVM volume group. */
export interface VolumeGroup {
  readonly name: string
  /** The only system that may use it (lvmsystemid(7)); absent for most. */
  readonly systemId?: string
}

/** A file system, or a btrfs subvolume in it, that looks like the root directory of a Linux system. */
export interface RootFact {
  readonly device: string
  readonly type: string
  /** btrfs: the subvolume's path below the top level; absent for the default one. */
  readonly subvolume?: string
  /** Byte text; absent if there is none. */
  readonly fstab?: string
  /** Byte text; absent if there is none. */
  readonly crypttab?: string
  /** PRETTY_NAME or the like, for messages. */
  readonly title: string
  /** True if it has neither fstab nor os-release: the rest is in another file system, which no file names. */
  readonly bare?: boolean
  /** That file system, to be mounted read-only at /usr. */
  readonly usr?: { readonly device: string; readonly type: string }
}

/** A file system of the guest and where it is mounted: data for the record of a template too. */
export interface MountedFilesystem {
  readonly mountpoint: string
  readonly device: string
  readonly type: string
  /** Mount options that must be given, such as "subvol=@home"; empty if none. */
  readonly options: string
  /** True if it is never written to, as dm-verity would refuse it then. */
  readonly readonly?: boolean
}

/** What was found on a VM's disks. */
export interface FoundStorage {
  /** "/" first, parents before children. */
  readonly mounts: readonly MountedFilesystem[]
  readonly volumeGroups: readonly VolumeGroup[]
  /** How many Linux systems there are, the guest among them. */
  readonly systems: number
  /** All block devices of the VM that may hold something. */
  readonly devices: readonly string[]
  /** The devices that LVM's groups stand on. */
  readonly physicalVolumes: readonly string[]
  /** The encrypted volumes that were unlocked. */
  readonly unlocked: readonly string[]
  /** True if there is a md RAID: an appliance assembles arrays by their UUID at its start, so that copies cannot share one. */
  readonly raid: boolean
}
