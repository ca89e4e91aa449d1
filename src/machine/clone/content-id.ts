import { randomBytes } from 'node:crypto'

/** Gives that many random bytes. */
export type RandomBytes = (length: number) => Uint8Array

/** What tells one disk from others in its descriptor. */
export interface DiskIds {
  /** CID: eight lower-case hex digits. */
  readonly contentId: string
  /** ddb.longContentID: 32 lower-case hex digits, the last eight of them the CID. */
  readonly longContentId: string
  /** ddb.uuid: "60 00 C2 95 e8 6a ed 47-c7 25 fe a2 db c5 80 1c", a NAA id that the guest may see. */
  readonly uuid: string
}

/** CIDs that mean something else: no parent, and a disk that was never written. */
const RESERVED = ['ffffffff', 'fffffffe']

export function drawDiskIds(random: RandomBytes = randomBytes): DiskIds {
  let contentId = hex(random(4))
  while (RESERVED.includes(contentId)) contentId = hex(random(4))
  const naa = Buffer.concat([Buffer.from('6000c290', 'hex'), random(12)])
  naa[3] = 0x90 | ((random(1)[0] ?? 0) & 0x0f)
  const pairs = [...naa].map((byte, i) => (i < 3 ? hex([byte]).toUpperCase() : hex([byte])))
  return {
    contentId,
    longContentId: hex(random(12)) + contentId,
    uuid: `${pairs.slice(0, 8).join(' ')}-${pairs.slice(8).join(' ')}`,
  }
}

function hex(bytes: ArrayLike<number>): string {
  return Buffer.from(bytes as Uint8Array).toString('hex')
}
