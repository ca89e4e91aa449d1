import { createCipheriv, createHmac, randomBytes } from 'node:crypto'

/** A source of random bytes. Passed in wherever something is drawn, so that a run can be repeated. */
export interface Draw {
  bytes(length: number): Uint8Array
}

/** The system's cryptographic source, asked for several clones at a time. */
export const systemDraw: Draw = portions(8192, randomBytes)

/**
 * A source that gives the same bytes for the same seed and name, whatever else is drawn from that seed: AES-256-CTR with
 * HMAC-SHA256(seed, name) as its key. Who knows the seed knows the bytes: no secret may be made of them.
 */
export function seededDraw(seed: string, name: string): Draw {
  const key = createHmac('sha256', seed).update(`vmclone-fix draw\n${name}`).digest()
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16))
  return portions(AHEAD, (length) => stream.update(Buffer.alloc(length)))
}

/** Bytes of the stream that are made at once: about what one clone draws. */
const AHEAD = 128

/** Gives each byte of what is made once, in their order; at least so many are made `ahead`. */
function portions(ahead: number, make: (length: number) => Buffer): Draw {
  let [ready, at] = [Buffer.alloc(0), 0]
  return {
    bytes(length) {
      if (at + length > ready.length) {
        ready = Buffer.concat([ready.subarray(at), make(Math.max(ahead, length))])
        at = 0
      }
      at += length
      return new Uint8Array(ready.subarray(at - length, at))
    },
  }
}
