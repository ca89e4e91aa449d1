import { closeSync, constants, fstatSync, readSync } from 'node:fs'
import { VmcloneError } from '../../errors/index.ts'
import { type Answers, ENTRY_LIMIT, type FactSource, TOTAL_LIMIT } from '../facts.ts'
import { type Stat, statOf } from '../stat.ts'
import { CONTENT_LIMIT } from '../tree.ts'
import type { Labels } from './labels.ts'
import { refused } from './refused.ts'
import type { RootDirectory } from './root.ts'

/** Answers about the paths of a directory, at once. */
export class DirectoryFacts implements FactSource {
  readonly #root: RootDirectory
  readonly #labels: Labels | undefined
  readonly #known = new Map<string, unknown>()
  #bytes = 0
  #entries = 0

  constructor(root: RootDirectory, labels?: Labels) {
    this.#root = root
    this.#labels = labels
  }

  get<K extends keyof Answers>(what: K, path: string): Answers[K] | null {
    const key = `${what} ${path}`
    let answer = this.#known.get(key)
    if (answer === undefined) {
      answer = this.#answer(what, path) ?? null
      this.#known.set(key, answer)
    }
    return answer as Answers[K] | null
  }

  async ask(): Promise<boolean> {
    return false
  }

  #answer(what: keyof Answers, path: string): Answers[keyof Answers] | undefined {
    if (this.#known.size > ENTRY_LIMIT)
      throw new VmcloneError('GUEST_TOO_LARGE', `the guest has too many files to read, one is ${path}`)
    if (what === 'stat') return this.#stat(path)
    if (what === 'target') return this.#root.target(path)
    if (what === 'names') return this.#names(path)
    if (what === 'below') return this.#below(path, '')
    if (what === 'label') return this.#labels?.read(path)
    return this.#content(path)
  }

  #stat(path: string): Stat | undefined {
    const stat = this.#root.stat(path)
    return stat && statOf(stat)
  }

  /** Those with a newline are passed over, as in the appliance. */
  #names(path: string): string[] {
    return this.#root.names(path).filter((name) => !name.includes('\n'))
  }

  #below(path: string, prefix: string): string[] {
    return this.#names(path).flatMap((name) => {
      if (++this.#entries > ENTRY_LIMIT)
        throw new VmcloneError('GUEST_TOO_LARGE', `${path} holds too many files to read`)
      const here = `${path}/${name}`
      const deeper = this.#stat(here)?.kind === 'directory' ? this.#below(here, `${prefix}${name}/`) : []
      return [prefix + name, ...deeper]
    })
  }

  #content(path: string): Uint8Array | undefined {
    let fd: number
    try {
      fd = this.#root.open(path, constants.O_RDONLY)
    } catch (cause) {
      throw refused(path, 'cannot be read', cause)
    }
    try {
      if (!fstatSync(fd).isFile()) return undefined
      const content = readAll(fd)
      this.#bytes += content.length
      if (this.#bytes > TOTAL_LIMIT)
        throw new VmcloneError('GUEST_TOO_LARGE', `the files to read are too large, one is ${path}`)
      return content
    } finally {
      closeSync(fd)
    }
  }
}

/** All of a file from its beginning, wherever it is read. Throws GUEST_TOO_LARGE for one that grows beyond CONTENT_LIMIT. */
export function readAll(fd: number): Uint8Array {
  const pieces: Buffer[] = []
  for (let at = 0; ; ) {
    const piece = Buffer.alloc(Math.min(Math.max(4096, fstatSync(fd).size - at + 1), CONTENT_LIMIT + 1))
    const length = readSync(fd, piece, 0, piece.length, at)
    if (length === 0) return new Uint8Array(Buffer.concat(pieces))
    pieces.push(piece.subarray(0, length))
    at += length
    if (at > CONTENT_LIMIT)
      throw new VmcloneError(
        'GUEST_TOO_LARGE',
        'a file of the guest is larger than a configuration file can be',
      )
  }
}
