import { randomBytes } from 'node:crypto'
import { VmcloneError } from '../errors/index.ts'
import { type ByteText, fromByteText } from '../formats/bytes.ts'
import { Channel } from './channel.ts'
import { failureIn } from './failure.ts'
import { type Command, commandLine } from './quote.ts'
import { type GuestfishProcess, spawnGuestfish } from './spawn.ts'

/** What guestfish answered to one command. */
export interface Answer {
  readonly ok: boolean
  /** What it wrote to stdout, byte by byte. */
  readonly output: Buffer
  /** What it wrote to stderr, tidied; empty if ok. */
  readonly error: string
  /** All that it wrote to stderr, as it was. */
  readonly stderr: string
}

export interface SessionOptions {
  /** Environment of the child, whole. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Seconds that one command may take; 300 unless given. */
  readonly timeoutSeconds?: number
  /** Ends the session in order: file systems unmounted, appliance shut down. */
  readonly signal?: AbortSignal
  /** Receives the name of each command and its first argument; never contents. */
  readonly onTrace?: (text: string) => void
}

interface Pending {
  readonly name: string
  readonly mark: string
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: unknown) => void
}

/** Seconds that an orderly end may take before the process group is killed. */
const CLOSE_SECONDS = 20

/**
 * One long-lived guestfish. Commands go to its stdin, each followed by two marks: an `echo` that answers on stdout and
 * an unknown command that answers on stderr. So output and error of each command are told apart without racing.
 */
export class Session {
  /** True while the library writes debug messages to stderr: only its error lines then mean failure. */
  verbose = false
  readonly #process: GuestfishProcess
  readonly #options: SessionOptions
  readonly #nonce = `n${randomBytes(16).toString('hex')}`
  readonly #out = new Channel()
  readonly #err = new Channel()
  readonly #pending: Pending[] = []
  #sequence = 0
  #timer: NodeJS.Timeout | undefined
  #end: VmcloneError | undefined
  #closing: Promise<void> | undefined

  private constructor(child: GuestfishProcess, options: SessionOptions) {
    this.#process = child
    this.#options = options
    child.stdout.on('data', (chunk: Buffer) => this.#receive(this.#out, chunk))
    child.stderr.on('data', (chunk: Buffer) => this.#receive(this.#err, chunk))
    void child.ended.then((error) => this.#fail(error ?? this.#lastWords()))
    options.signal?.addEventListener('abort', this.#abort, { once: true })
    if (options.signal?.aborted) this.#abort()
  }

  /** Starts guestfish; no appliance yet. Throws TOOL_MISSING through the first command if there is none. */
  static async start(options: SessionOptions): Promise<Session> {
    return new Session(await spawnGuestfish(options.env), options)
  }

  /** A directory of this session, 0700, for files that are uploaded; removed at the end. */
  get directory(): string {
    return this.#process.directory
  }

  /** When guestfish last wrote anything, in milliseconds of the clock. */
  get lastHeard(): number {
    return Math.max(this.#out.lastHeard, this.#err.lastHeard)
  }

  /** What guestfish wrote to stderr and no command has taken yet. */
  get unread(): string {
    return this.#err.text()
  }

  /** Sends commands in one write; their answers in the same order. */
  send(commands: readonly Command[]): Promise<Answer[]> {
    const lines = commands.map((command) => ({ name: command[0], text: commandLine(command) }))
    if (!this.#end) for (const command of commands) this.#options.onTrace?.(traceOf(command))
    return this.#submit(lines)
  }

  /** One command as somebody else wrote it, in guestfish's own syntax: a single line without its leading "-". `name`: for messages. */
  async line(name: string, text: ByteText): Promise<Answer> {
    this.#options.onTrace?.(name)
    const [answer] = await this.#submit([{ name, text: `-${text}` }])
    return answer as Answer
  }

  /** One command, whatever becomes of it. */
  async attempt(...command: Command): Promise<Answer> {
    const [answer] = await this.send([command])
    return answer as Answer
  }

  /** One command that must do; its output as text. Throws GUESTFISH_FAILED. */
  async run(...command: Command): Promise<string> {
    const [output] = await this.runAll([command])
    return (output as Buffer).toString('utf8')
  }

  /** Commands that must all do; their outputs in order. Throws GUESTFISH_FAILED for the first that failed. */
  async runAll(commands: readonly Command[]): Promise<Buffer[]> {
    const answers = await this.send(commands)
    return answers.map((answer, index) => {
      if (answer.ok) return answer.output
      const command = commands[index] as Command
      throw new VmcloneError('GUESTFISH_FAILED', `${traceOf(command)} failed: ${answer.error}`)
    })
  }

  /** Unmounts, shuts the appliance down and waits until nothing of it runs. Never throws; safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#closeInOrder()
    return this.#closing
  }

  /** Kills guestfish, the appliance and all that belongs to them, and waits until they are gone. */
  async kill(): Promise<void> {
    this.#fail(new VmcloneError('GUESTFISH_ENDED', 'the guestfish session was stopped'))
    await this.#process.kill()
  }

  #submit(commands: readonly { readonly name: string; readonly text: ByteText }[]): Promise<Answer[]> {
    if (this.#end) return Promise.reject(this.#end)
    const lines: ByteText[] = []
    const answers = commands.map(({ name, text }) => {
      const mark = `${this.#nonce}_${this.#sequence++}`
      lines.push(text, `echo ${mark}`, `-${mark}`)
      return new Promise<Answer>((resolve, reject) => this.#pending.push({ name, mark, resolve, reject }))
    })
    if (lines.length > 0) this.#process.stdin.write(fromByteText(`${lines.join('\n')}\n`))
    if (!this.#timer) this.#restartTimer()
    return Promise.all(answers)
  }

  async #closeInOrder(): Promise<void> {
    this.#fail(new VmcloneError('GUESTFISH_ENDED', 'the guestfish session was closed'))
    this.#options.signal?.removeEventListener('abort', this.#abort)
    this.#process.stdin.end('-umount-all\n-shutdown\nexit\n')
    const late = setTimeout(() => void this.#process.kill(), CLOSE_SECONDS * 1000)
    await this.#process.gone()
    clearTimeout(late)
  }

  readonly #abort = (): void => {
    this.#fail(new VmcloneError('INTERRUPTED', 'interrupted while working in the guest'))
    void this.close()
  }

  #receive(channel: Channel, chunk: Buffer): void {
    channel.push(chunk)
    for (let head = this.#pending[0]; head; head = this.#pending[0]) {
      const output = this.#out.peek(`${head.mark}\n`)
      const error = output && this.#err.peek(`${head.mark}: unknown command\n`)
      if (!output || !error) return
      this.#out.drop()
      this.#err.drop()
      this.#pending.shift()
      this.#restartTimer()
      const stderr = error.toString('utf8')
      const failure = failureIn(stderr, this.verbose)
      head.resolve({ ok: failure === undefined, output, error: failure ?? '', stderr })
    }
  }

  #restartTimer(): void {
    clearTimeout(this.#timer)
    const head = this.#pending[0]
    this.#timer = undefined
    if (!head) return
    const seconds = this.#options.timeoutSeconds ?? 300
    this.#timer = setTimeout(() => {
      const what = head.name === 'run' ? 'the start of the appliance' : `guestfish’s ${head.name}`
      const message = `${what} did not end within ${seconds} s`
      this.#fail(new VmcloneError('GUEST_TIMEOUT', message))
      void this.#process.kill()
    }, seconds * 1000)
  }

  #lastWords(): VmcloneError {
    const words = failureIn(this.#err.text(), false)
    return new VmcloneError('GUESTFISH_ENDED', `guestfish ended${words ? `: ${words}` : ' without a word'}`)
  }

  #fail(error: VmcloneError): void {
    this.#end ??= error
    clearTimeout(this.#timer)
    for (const pending of this.#pending.splice(0)) pending.reject(this.#end)
  }
}

function traceOf([name, first]: Command): string {
  return typeof first === 'string' ? `${name} ${first}` : name
}
