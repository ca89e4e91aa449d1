/** What a file system's superblock says: its block size in bytes, or why its files cannot be stamped. */
export type BlockSize = { readonly blockSize: number } | { readonly reason: string }

/** Bytes from the device's start that hold the superblocks known here. */
export const SUPERBLOCK_LENGTH = 2048

/** From Linux's fs/ext4/ext4.h: features under which a file's bytes do not stand in a block of their own as they are. */
const INCOMPATIBLE = [
  [0x1, 'compression'],
  [0x8000, 'inline_data'],
  [0x10000, 'encrypt'],
] as const
const VERITY = 0x8000
const JOURNAL_MODE = 0x60
const JOURNAL_DATA = 0x20

/**
 * Reads the superblock of ext2, ext3, ext4 (Linux Documentation/filesystems/ext4/super.rst) or XFS (XFS Algorithms & Data
 * Structures, "Superblocks"). `type`: blkid's name. With data=journal file contents stand in the journal too; verity and
 * encryption need the kernel to write.
 */
export function stampableBlockSize(type: string, head: Uint8Array): BlockSize {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  if (bytes.length < SUPERBLOCK_LENGTH) return { reason: `its superblock cannot be read` }
  if (/^ext[234]$/.test(type)) return ext(bytes.subarray(1024))
  if (type === 'xfs') return xfs(bytes)
  return { reason: `it is ${type}` }
}

function ext(superblock: Buffer): BlockSize {
  if (superblock.readUInt16LE(0x38) !== 0xef53) return { reason: 'it has no ext superblock' }
  const incompatible = superblock.readUInt32LE(0x60)
  const feature = INCOMPATIBLE.find(([bit]) => (incompatible & bit) !== 0)?.[1]
  if (feature !== undefined) return { reason: `it has the feature ${feature}` }
  if (superblock.readUInt32LE(0x64) & VERITY) return { reason: 'it has the feature verity' }
  const options = superblock.toString('latin1', 0x200, 0x240)
  const journaled = (superblock.readUInt32LE(0x100) & JOURNAL_MODE) === JOURNAL_DATA
  if (journaled || journalsData(options)) return { reason: 'it is mounted with data=journal' }
  return { blockSize: 1024 << superblock.readUInt32LE(0x18) }
}

/** True if these mount options put file contents into the journal. */
export function journalsData(options: string): boolean {
  return /(^|[,\0])data=journal($|[,\0])/.test(options)
}

function xfs(superblock: Buffer): BlockSize {
  if (superblock.toString('latin1', 0, 4) !== 'XFSB') return { reason: 'it has no XFS superblock' }
  if (superblock.readBigUInt64BE(16) !== 0n) return { reason: 'it has a realtime device' }
  return { blockSize: superblock.readUInt32BE(4) }
}
