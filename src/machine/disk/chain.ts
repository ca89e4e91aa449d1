/** One VMDK of a chain with the files that hold its data. Paths are absolute with links resolved. */
export interface DiskLink {
  readonly descriptorPath: string
  /** monolithicSparse and the like, as written. */
  readonly createType: string
  /** Eight lower-case hex digits. */
  readonly cid: string
  /** All files of this link: descriptor first, then extents. */
  readonly files: readonly string[]
}

/** A disk from its leaf (the one that is written) to its base (parents, never written). Every check has passed. */
export interface DiskChain {
  readonly leaf: DiskLink
  readonly parents: readonly DiskLink[]
  /** Bytes, as the guest sees the disk. */
  readonly capacity: number
  /**
   * Path for `format=vmdk` by which qemu opens the leaf with all its parents: the leaf itself, or, where qemu cannot
   * resolve a name in it (Windows hints, other encodings), undefined: then shadow descriptors must be made first.
   */
  readonly directPath?: string
}
