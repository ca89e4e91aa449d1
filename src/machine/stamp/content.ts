/** Source of random bytes: as many as asked for. */
export type Draw = (length: number) => Uint8Array

/**
 * Content that a mold's file holds in place of the clones': random bytes without NUL, so that guestfish takes them as text and
 * the zeros behind them show where they end. `unlike`: an earlier content, no byte of which comes again at its place.
 */
export function moldContent(length: number, draw: Draw, unlike?: Uint8Array): Uint8Array {
  const content = new Uint8Array(length)
  for (let done = 0; done < length; ) {
    for (const byte of draw(length - done)) {
      if (byte === 0 || byte === unlike?.[done]) continue
      content[done++] = byte
    }
  }
  return content
}

/** A file of the mold that is to be found in its images. */
export interface VaryingFile {
  /** In the guest; for messages and for the caller to tell files apart. */
  readonly path: string
  /** What it holds in the mold: moldContent. */
  readonly content: Uint8Array
  /** Of its file system, bytes; a multiple of 512. */
  readonly blockSize: number
  /** Where its blocks were found by an earlier content: see locate. */
  readonly among?: readonly Candidates[]
}

/** A place in a virtual disk. */
export interface DiskOffset {
  /** Index of the disk. */
  readonly disk: number
  /** Bytes from the disk's start, as the guest sees it. */
  readonly offset: number
}

/** All places that one block of a file may lie at. */
export type Candidates = readonly DiskOffset[]

/** A block of a file system with its part of a file, which its tail of zeros follows. */
export interface Block {
  readonly bytes: Uint8Array
  /** Bytes of the file's content in it: all of them, but for a file's last block. */
  readonly used: number
}

/** A file cut into the blocks that its file system keeps it in; none if it is empty. */
export function blocksOf({ content, blockSize }: Pick<VaryingFile, 'content' | 'blockSize'>): Block[] {
  return Array.from({ length: Math.ceil(content.length / blockSize) }, (_, index) => {
    const part = content.subarray(index * blockSize, (index + 1) * blockSize)
    const bytes = new Uint8Array(blockSize)
    bytes.set(part)
    return { bytes, used: part.length }
  })
}
