import { availableParallelism } from 'node:os'
import type { HostKeyPair } from './identity.ts'
import { asPem, HOST_KEY_TYPES, makeHostKey } from './ssh-keys.ts'

/** Host keys of one clone, in the making. */
export interface KeyForge {
  /**
   * The pairs of these types, in their order; a type not begun yet is made now. The private halves of the types in `pem`
   * come as PEM, the others in OpenSSH's own form. Throws as makeHostKey does.
   */
  take(types: readonly string[], pem?: readonly string[]): Promise<HostKeyPair[]>
  /** Stops what is being made and is not needed. */
  close(): void
}

export interface ForgeOptions {
  /** "root@node1": must be known when the first key is begun, for it stands in the private key too. */
  readonly comment: string
  /** What to begin with. Default: every type, the slowest first. */
  readonly types?: readonly string[]
  /** ssh-keygen processes at a time. Default: the number of cores. */
  readonly concurrency?: number
  readonly signal?: AbortSignal
}

/** Begins to make host keys, so that they are there when the guest has told which it needs. */
export function startKeyForge(options: ForgeOptions): KeyForge {
  const { comment, types = HOST_KEY_TYPES, concurrency = availableParallelism(), signal } = options
  const stop = new AbortController()
  const both = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal])
  const limit = limiter(Math.max(1, concurrency))
  const begun = new Map<string, Promise<HostKeyPair>>()
  const begin = (type: string): Promise<HostKeyPair> => {
    const pair = begun.get(type) ?? limit(() => makeHostKey(type, { comment, signal: both }))
    begun.set(type, pair)
    pair.catch(() => undefined)
    return pair
  }
  for (const type of types) void begin(type)
  return {
    take: (wanted, pem = []) =>
      Promise.all(
        wanted.map(async (type) => {
          const pair = await begin(type)
          return pem.includes(type) ? limit(() => asPem(pair, both)) : pair
        }),
      ),
    close: () => stop.abort(),
  }
}

/** Runs at most `count` tasks at a time, the others in their order. */
function limiter(count: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = count
  return async (task) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
