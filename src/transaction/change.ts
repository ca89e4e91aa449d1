/** Mode bits below 0o10000, owner as numbers. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Which side of a clone a path belongs to: its .vmx, another file in the VM's directory, or a file in the guest. */
export type Side = 'vmx' | 'host' | 'guest'

interface Common {
  readonly at: Side
  /** Guest: an absolute path without symbolic links. vmx and host: relative to the VM's directory. */
  readonly path: string
  /** Name of the operation that asks for it. */
  readonly operation: string
  /** One phrase for the report, such as "address 192.168.8.12/24 on ens33". */
  readonly summary: string
  /** True for private keys and seeds: never shown, printed or logged. */
  readonly secret?: boolean
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

/** What is done to a file of the VM's directory. */
export type FileChange = WriteChange | RemoveChange

/** One edit of one file, as data. */
export type Change = FileChange | LinkChange
