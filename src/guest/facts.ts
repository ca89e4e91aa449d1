import { VmcloneError } from '../errors/index.ts'
import { decodeName } from './names.ts'
import type { Command } from './quote.ts'
import type { Answer, Session } from './session.ts'
import { parseStat, type Stat } from './stat.ts'
import { CONTENT_LIMIT } from './tree.ts'

/** What can be asked of a path. `names`: what a directory holds; `below`: all paths below it, relative to it. */
export interface Answers {
  stat: Stat
  target: string
  label: string
  names: string[]
  below: string[]
  content: Uint8Array
}

/** Whoever can be asked about a guest's real paths, whose parents are known to be directories. */
export interface FactSource {
  /** The answer; null if there is none (no such path); undefined if the question is open, and is put with the next ask(). */
  get<K extends keyof Answers>(what: K, path: string): Answers[K] | null | undefined
  /** Puts the open questions. False if there was none. Throws GUEST_TOO_LARGE and what the guest's side throws. */
  ask(): Promise<boolean>
}

/** All content that one reading may bring, in bytes. */
export const TOTAL_LIMIT: number = 256 * 1024 * 1024
export const ENTRY_LIMIT = 100_000
/** A message of the appliance holds at most 4 MiB less its header. */
const PIECE = 2 * 1024 * 1024

const COMMANDS: { readonly [K in Exclude<keyof Answers, 'content'>]: (path: string) => Command } = {
  stat: (path) => ['lstatns', path],
  target: (path) => ['readlink', path],
  label: (path) => ['lgetxattr', path, 'security.selinux'],
  names: (path) => ['ls', path],
  below: (path) => ['find', path],
}

/** What was learned of the guest's paths, and the questions that are still open: asked all at once. */
export class Facts implements FactSource {
  readonly #session: Session
  readonly #known = new Map<string, unknown>()
  readonly #open = new Map<string, { readonly what: keyof Answers; readonly path: string }>()
  #bytes = 0

  constructor(session: Session) {
    this.#session = session
  }

  /** The answer; null if there is none (no such path); undefined if the question is open, and is put with the next ask(). */
  get<K extends keyof Answers>(what: K, path: string): Answers[K] | null | undefined {
    const key = `${what} ${path}`
    const known = this.#known.get(key)
    if (known === undefined) this.#open.set(key, { what, path })
    return known as Answers[K] | null | undefined
  }

  /** Puts the open questions in one round trip. False if there was none. Throws GUEST_TOO_LARGE, GUESTFISH_FAILED. */
  async ask(): Promise<boolean> {
    const questions = [...this.#open]
    if (questions.length === 0) return false
    this.#open.clear()
    const commands = questions.map(([, { what, path }]) => this.#commands(what, path))
    const answers = await this.#session.send(commands.flat())
    let at = 0
    for (const [index, [key, { what, path }]] of questions.entries()) {
      const mine = answers.slice(at, at + (commands[index] as Command[]).length)
      at += mine.length
      this.#known.set(key, this.#read(what, path, mine))
    }
    if (this.#known.size > ENTRY_LIMIT)
      throw new VmcloneError(
        'GUEST_TOO_LARGE',
        `the guest has too many files to read, one is ${questions[0]?.[1].path}`,
      )
    return true
  }

  #commands(what: keyof Answers, path: string): Command[] {
    if (what !== 'content') return [COMMANDS[what](path)]
    const size = (this.#known.get(`stat ${path}`) as Stat | undefined)?.size ?? 0
    this.#bytes += size
    if (this.#bytes > TOTAL_LIMIT)
      throw new VmcloneError('GUEST_TOO_LARGE', `the files to read are too large, one is ${path}`)
    const pieces = Array.from(
      { length: Math.ceil(Math.min(size, CONTENT_LIMIT) / PIECE) },
      (_, piece) => piece * PIECE,
    )
    return pieces.map((offset) => ['pread', path, String(Math.min(PIECE, size - offset)), String(offset)])
  }

  #read(what: keyof Answers, path: string, answers: readonly Answer[]): unknown {
    const [answer] = answers
    const failed = answers.find(({ ok }) => !ok)
    if (failed && (what === 'content' || what === 'below'))
      throw new VmcloneError('GUESTFISH_FAILED', `${path} cannot be read: ${failed.error}`)
    if (what === 'content' && !failed)
      return new Uint8Array(Buffer.concat(answers.map(({ output }) => output)))
    if (failed || !answer) return null
    if (what === 'stat') return parseStat(answer.output)
    if (what === 'label') return answer.output.toString('latin1').replace(/[\0\n]+$/, '')
    if (what === 'target') return decodeName(answer.output.subarray(0, -1))
    // find writes a slash before each name
    const names = decodeName(answer.output).split('\n')
    return names.map((name) => name.replace(/^\//, '')).filter((name) => name !== '')
  }
}
