import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { VmcloneError } from '../errors/index.ts'
import type { PrivateJwk } from './openssh-key.ts'

/** A child process that makes keys, several at a time. */
export interface KeyMaker {
  /** A new key; those that were asked for first are begun first. Throws KEYGEN_FAILED, INTERRUPTED. */
  make(type: string): Promise<PrivateJwk>
  /** Ends the child at once. What it has not made ends with INTERRUPTED. */
  close(): void
}

/** nice(1) of the child. */
const NICE = 10

/** As crypto.generateKeyPair takes them; size and curve are those that ssh-keygen takes by itself. */
const KINDS: Readonly<Record<string, readonly [kind: string, options: object]>> = {
  rsa: ['rsa', { modulusLength: 3072 }],
  ecdsa: ['ec', { namedCurve: 'P-256' }],
  ed25519: ['ed25519', {}],
}

/** What the child says: of which request, and why there is no key, or the key. */
type Answer = readonly [request: number, fault: string | null, key: PrivateJwk]

interface Waiting {
  resolve(key: PrivateJwk): void
  reject(error: VmcloneError): void
}

/**
 * Starts it. A process, not this one's threads: it has one for each key that is made at a time, a key half done can be
 * dropped at once, and the memory of its threads is not this process's. It ends when this process does.
 */
export function startKeyMaker(threads: number): KeyMaker {
  const waiting = new Map<number, Waiting>()
  const child = spawn(process.execPath, ['--eval', `(${serve.toString()})()`], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // A group of its own, so that Ctrl-C in the terminal does not reach it.
    detached: true,
    env: { ...process.env, NODE_OPTIONS: '', UV_THREADPOOL_SIZE: String(threads) },
  })
  if (child.pid !== undefined) beNice(child.pid)
  let over: VmcloneError | undefined
  const end = (error: VmcloneError): void => {
    over ??= error
    for (const { reject } of waiting.values()) reject(over)
    waiting.clear()
  }
  child.on('error', (cause) => end(failed('no process for it could be started', cause)))
  child.on('exit', (status, signal) =>
    end(failed(`the process that makes it ended with ${signal ?? status}`)),
  )
  child.on('message', ([request, fault, key]: Answer) => {
    if (fault === null) waiting.get(request)?.resolve(key)
    else waiting.get(request)?.reject(failed(fault))
    waiting.delete(request)
  })
  let requests = 0
  return {
    make: (type) =>
      new Promise((resolve, reject) => {
        const kind = KINDS[type]
        if (kind === undefined) throw new RangeError(`no host key of type ${type} is made`)
        if (over !== undefined) throw over
        waiting.set(++requests, { resolve, reject })
        child.send([requests, ...kind])
      }),
    close() {
      end(new VmcloneError('INTERRUPTED', 'the making of SSH host keys was interrupted'))
      child.kill('SIGKILL')
    },
  }
}

/** Appliances go first: a batch waits for them, and for keys only if all else is done. */
function beNice(pid: number): void {
  try {
    setPriority(pid, NICE)
    // Where sessions share the cores (sched(7), autogroup), what counts is how nice a session is to others.
    writeFileSync(`/proc/${pid}/autogroup`, String(NICE))
  } catch {
    // As fast as the others then.
  }
}

/** Runs in the child, from its source text: it sees nothing of this file. */
function serve(): void {
  const { generateKeyPair } = process.getBuiltinModule('node:crypto')
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.on('message', ([request, kind, options]: [number, 'rsa', { modulusLength: number }]) =>
    generateKeyPair(kind, options, (error, _, key) =>
      process.send?.(error ? [request, error.message] : [request, null, key.export({ format: 'jwk' })]),
    ),
  )
}

function failed(why: string, cause?: unknown): VmcloneError {
  return new VmcloneError('KEYGEN_FAILED', `an SSH host key could not be made: ${why}`, { cause })
}
