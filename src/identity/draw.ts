import { createHmac, randomBytes } from 'node:crypto'

/** A source of random bytes. Passed in wherever something is drawn, so that a run can be repeated. */
export interface Draw {
  bytes(length: number): Uint8Array
}

/** The system's cryptographic source. */
export const systemDraw: Draw = { bytes: (length) => new Uint8Array(randomBytes(length)) }

/**
 * A source that gives the same bytes for the same seed and name, whatever else is drawn from that seed: HMAC-SHA256 of a
 * counter and the name, keyed by the seed (UTF-8). Who knows the seed knows the bytes: no secret may be made of them.
 */
export function seededDraw(seed: string, name: string): Draw {
  let counter = 0
  let rest = Buffer.alloc(0)
  return {
    bytes(length) {
      const blocks = [rest]
      for (let have = rest.length; have < length; have += 32) {
        blocks.push(createHmac('sha256', seed).update(`vmclone-fix draw\n${counter++}\n${name}`).digest())
      }
      const all = Buffer.concat(blocks)
      rest = all.subarray(length)
      return new Uint8Array(all.subarray(0, length))
    },
  }
}
