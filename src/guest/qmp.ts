import { createServer, type Server, type Socket } from 'node:net'
import { VmcloneError } from '../errors/index.ts'

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

/** Seconds that an answer may take: opening a disk is all that takes any. */
const PATIENCE = 120

/**
 * The end of a QEMU Monitor Protocol connection (qemu's docs/interop/qmp-spec) that asks. It listens, and qemu connects to it: so
 * nobody has to guess when qemu is ready.
 */
export class Qmp {
  readonly #server: Server
  readonly #pending: Pending[] = []
  #socket: Socket | undefined
  #text = ''
  #end: VmcloneError | undefined
  #greeted: Pending | undefined

  private constructor(server: Server) {
    this.#server = server
  }

  /** Listens at a path, which must be short enough for a socket (107 bytes). Throws what listening throws. */
  static async listen(path: string): Promise<Qmp> {
    const server = createServer()
    const qmp = new Qmp(server)
    server.on('connection', (socket) => qmp.#take(socket))
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
    return qmp
  }

  /** Waits until qemu has connected and speaks. Throws GUESTFISH_ENDED if end() comes first. */
  async ready(): Promise<void> {
    await new Promise((resolve, reject) => {
      if (this.#end) return reject(this.#end)
      this.#greeted = { resolve, reject }
      if (this.#socket) resolve(undefined)
    })
    await this.ask('qmp_capabilities')
  }

  /** One command; what it returned. Throws QEMU_IMG_FAILED with qemu's words, GUESTFISH_ENDED. */
  ask(execute: string, options: object = {}): Promise<unknown> {
    if (this.#end) return Promise.reject(this.#end)
    const late = setTimeout(() => this.end(`it did not answer within ${PATIENCE} s`), PATIENCE * 1000)
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject })
      this.#socket?.write(`${JSON.stringify({ execute, arguments: options })}\n`)
    }).finally(() => clearTimeout(late))
  }

  /** Nothing is to be expected of qemu any more. */
  end(why = 'it ended the connection'): void {
    this.#end ??= new VmcloneError('GUESTFISH_ENDED', `qemu-storage-daemon is not there: ${why}`)
    for (const { reject } of this.#pending.splice(0)) reject(this.#end)
    this.#greeted?.reject(this.#end)
    this.#socket?.destroy()
    this.#server.close()
  }

  #take(socket: Socket): void {
    this.#socket = socket
    socket.setEncoding('utf8')
    socket.on('error', () => undefined)
    socket.on('close', () => this.end())
    socket.on('data', (text: string) => this.#receive(text))
  }

  #receive(text: string): void {
    this.#text += text
    const lines = this.#text.split('\n')
    this.#text = lines.pop() ?? ''
    for (const line of lines) {
      if (line.trim() === '') continue
      const message = JSON.parse(line) as Record<string, unknown>
      if ('QMP' in message) this.#greeted?.resolve(undefined)
      else if ('return' in message) this.#pending.shift()?.resolve(message.return)
      else if ('error' in message) {
        const { desc = '' } = message.error as { desc?: string }
        this.#pending.shift()?.reject(new VmcloneError('QEMU_IMG_FAILED', `qemu-storage-daemon: ${desc}`))
      }
    }
  }
}
