import { realpath } from 'node:fs/promises'
import { VmcloneError } from '../../errors/index.ts'
import type { Use } from './create-type.ts'
import type { Extent } from './extents.ts'
import { readLink } from './link.ts'
import { findParent, type ParentOptions } from './parents.ts'
import { qemuReadsChain } from './plain.ts'
import { refuseSharedLeaf } from './users.ts'

/** One VMDK of a chain with the files that hold its data. Paths are absolute with links resolved. */
export interface DiskLink {
  readonly descriptorPath: string
  /** monolithicSparse and the like, as written. */
  readonly createType: string
  /** Eight lower-case hex digits. */
  readonly cid: string
  /** Eight lower-case hex digits; NO_PARENT for a base. */
  readonly parentCid: string
  /** Readings of parentFileNameHint as Unicode text, best first; none for a base. */
  readonly parentHints: readonly string[]
  /** True if the descriptor stands inside its sparse file (monolithicSparse). */
  readonly embedded: boolean
  readonly extents: readonly Extent[]
  /** Bytes. */
  readonly capacity: number
  /** ddb.uuid as written, which the guest may see; absent if it has none. */
  readonly uuid?: string
  /** All files of this link: descriptor first, then extents. */
  readonly files: readonly string[]
  /** True if qemu reads out of the descriptor what was read here: its parser takes other lines for values than VMware's. */
  readonly plain: boolean
  /** True if VMware tracks changed blocks in a file of its own (-ctk.vmdk), which is stale once others write the disk. */
  readonly changeTracking: boolean
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

export interface ChainOptions extends ParentOptions {
  /** The VM's own .vmx: any other in the disk's directory that uses the same disk is a reason to refuse. */
  readonly vmxPath?: string
  /** What is done with the leaf. Default: written. */
  readonly use?: Use
}

/** parentCID of a disk without a parent. */
export const NO_PARENT = 'ffffffff'

/** More than VMware's 32 snapshots on top of a few linked clones. */
const MAX_LINKS = 64

/**
 * Reads a disk's leaf and all its parents, and checks everything that can be checked before qemu opens any of it, but for what
 * grain tables say: see checkWhole. Reads only. Throws DISK_*: a missing file, an extent outside of its directory, a parent that was changed; of a leaf that is to
 * be written also what cannot be written in place, and one that something else uses or stands on.
 */
export async function readChain(leafPath: string, options: ChainOptions = {}): Promise<DiskChain> {
  const { use = 'written' } = options
  const leaf = await readLink(await existing(leafPath), use)
  const parents: DiskLink[] = []
  for (let child = leaf; child.parentCid !== NO_PARENT; ) {
    if (parents.length >= MAX_LINKS)
      throw new VmcloneError('DISK_CHAIN_INVALID', `${leafPath} has more than ${MAX_LINKS} parents`)
    const parent = await findParent(child, options)
    if ([leaf, ...parents].some((link) => link.descriptorPath === parent.descriptorPath))
      throw new VmcloneError('DISK_CHAIN_INVALID', `${parent.descriptorPath} is its own parent`)
    checkSameCapacity(child, parent)
    parents.push(parent)
    child = parent
  }
  checkLeafApart(leaf, parents)
  if (use === 'written') await refuseSharedLeaf(leaf, options.vmxPath)
  const chain = { leaf, parents, capacity: leaf.capacity }
  return (await qemuReadsChain([leaf, ...parents])) ? { ...chain, directPath: leaf.descriptorPath } : chain
}

async function existing(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (cause) {
    throw new VmcloneError('DISK_MISSING', `the disk ${path} is not there`, { cause })
  }
}

function checkSameCapacity(child: DiskLink, parent: DiskLink): void {
  if (child.capacity === parent.capacity) return
  throw new VmcloneError(
    'DISK_PARENT_MISMATCH',
    `${child.descriptorPath} has ${child.capacity} bytes, but its parent ${parent.descriptorPath} has ${parent.capacity}`,
  )
}

function checkLeafApart(leaf: DiskLink, parents: readonly DiskLink[]): void {
  const shared = leaf.files.find((file) => parents.some((parent) => parent.files.includes(file)))
  if (shared !== undefined)
    throw new VmcloneError('DISK_CHAIN_INVALID', `${shared} is an extent of a disk and of its parent at once`)
}
