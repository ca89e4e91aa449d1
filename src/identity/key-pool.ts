import { availableParallelism } from 'node:os'
import { fromByteText } from '../formats/bytes.ts'
import type { HostKeyPair } from './identity.ts'
import { startKeyMaker } from './key-maker.ts'
import { type PrivateJwk, privateKeyPem, privateKeyText, publicKeyText } from './openssh-key.ts'
import { fingerprintOf, HOST_KEY_TYPES } from './ssh-keys.ts'

/** Host keys in the making, for one clone or many. */
export interface KeyPool {
  /**
   * A new pair of each of these types, in their order. `comment`, such as "root@node1", stands in both halves. The private
   * halves of the types in `pem` come as PEM, which a server older than OpenSSH 6.5 needs (ed25519 has no such form), the
   * others in OpenSSH's own. Who asks first gets first. Throws KEYGEN_FAILED, INTERRUPTED.
   */
  take(types: readonly string[], comment: string, pem?: readonly string[]): Promise<HostKeyPair[]>
  /** Stops what is being made. */
  close(): void
}

export interface PoolOptions {
  /** What to begin with, before anybody asks. Default: every type. */
  readonly types?: readonly string[]
  /** Clones that will take keys. Default: 1. */
  readonly clones?: number
  /** Keys that are made at a time. Default: the number of cores. */
  readonly concurrency?: number
  readonly signal?: AbortSignal
}

/** Keys of each type, at most, that wait for somebody to take them. */
const AHEAD = 100

/** Begins to make host keys at once, so that they are there when the guest has told which it needs. */
export function startKeyPool(options: PoolOptions = {}): KeyPool {
  const { types = HOST_KEY_TYPES, clones = 1, concurrency = availableParallelism(), signal } = options
  const maker = startKeyMaker(Math.max(1, concurrency))
  const close = (): void => {
    signal?.removeEventListener('abort', close)
    maker.close()
  }
  signal?.addEventListener('abort', close)
  if (signal?.aborted) close()

  const begin = (type: string): Promise<PrivateJwk> => {
    const key = maker.make(type)
    key.catch(() => undefined)
    return key
  }
  const stocks = new Map(types.map((type) => [type, { begun: 0, keys: [] as Promise<PrivateJwk>[] }]))
  const stockUp = (type: string): void => {
    const stock = stocks.get(type)
    if (stock === undefined || stock.begun >= clones || stock.keys.length >= AHEAD) return
    stock.begun++
    stock.keys.push(begin(type))
  }
  for (let ahead = 0; ahead < Math.min(clones, AHEAD); ahead++) types.forEach(stockUp)

  const takeOne = async (type: string, comment: string, pem: boolean): Promise<HostKeyPair> => {
    for (;;) {
      const key = stocks.get(type)?.keys.shift() ?? begin(type)
      stockUp(type)
      const pair = keyPair(type, await key, comment, pem)
      if (pair !== undefined) return pair
    }
  }
  return {
    take: (wanted, comment, pem = []) =>
      Promise.all(wanted.map((type) => takeOne(type, comment, pem.includes(type)))),
    close,
  }
}

/** Undefined where a key of another length is wanted: see privateKeyText. */
function keyPair(type: string, jwk: PrivateJwk, comment: string, pem: boolean): HostKeyPair | undefined {
  const secret = (pem ? privateKeyPem : privateKeyText)(jwk, comment)
  if (secret === undefined) return undefined
  const line = publicKeyText(jwk, comment)
  return {
    type,
    privateKey: fromByteText(secret),
    publicKey: new Uint8Array(Buffer.from(line)),
    fingerprint: fingerprintOf(line) as string,
  }
}
