import { randomBytes } from 'node:crypto'

/** A source of random bytes. Passed in wherever something is drawn, so that a run can be repeated. */
export interface Draw {
  bytes(length: number): Uint8Array
}

/** The system's cryptographic source. */
export const systemDraw: Draw = { bytes: (length) => new Uint8Array(randomBytes(length)) }
