import { createCipheriv, createHmac, randomBytes } from 'node:crypto'

/** A source of random bytes. Passed in wherever something is drawn, so that a run can be repeated. */
export interface Draw {
  bytes(length: number): Uint8Array
}

/** The system's cryptographic source. */
export const systemDraw: Draw = { bytes: (length) => new Uint8Array(randomBytes(length)) }

/**
 * A source that gives the same bytes for the same seed and name, whatever else is drawn from that seed: AES-256-CTR with
 * HMAC-SHA256(seed, name) as its key. Who knows the seed knows the bytes: no secret may be made of them.
 */
export function seededDraw(seed: string, name: string): Draw {
  const key = createHmac('sha256', seed).update(`vmclone-fix draw\n${name}`).digest()
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16))
  let [ready, at] = [Buffer.alloc(0), 0]
  return {
    bytes(length) {
      if (at + length > ready.length) {
        const more = stream.update(Buffer.alloc(Math.max(AHEAD, length)))
        ready = Buffer.concat([ready.subarray(at), more])
        at = 0
      }
      at += length
      return new Uint8Array(ready.subarray(at - length, at))
    },
  }
}

/** Bytes of the stream that are made at once: about what one clone draws. */
const AHEAD = 128
