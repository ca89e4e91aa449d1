import { DefaultRenderer, ListrLogger, ProcessOutput } from 'listr2'
import { columnsOf, cut } from '../render/columns.ts'

/** Cursor shown or hidden: nothing that stands on the screen. */
const CURSOR_ONLY = /^(\u001b\[\?25[hl])+$/

const ERASE_LINE_UP = '\u001b[2K\u001b[1A'

/** What is written to stderr while a list is drawn there, kept for the lines above it. */
class Above extends ProcessOutput {
  readonly lines: string[] = []
  readonly #write = process.stderr.write

  constructor() {
    super(process.stderr, process.stderr)
  }

  /** Unlike listr2's own, it knows the width at any time. */
  override get stdout(): NodeJS.WriteStream {
    return Object.create(process.stderr, { write: { value: (text: string) => this.put(text) } })
  }

  put(text: string): boolean {
    return this.#write.call(process.stderr, text)
  }

  override hijack(): void {
    process.stderr.write = ((text: string | Uint8Array) => {
      if (typeof text === 'string' && CURSOR_ONLY.test(text)) return this.put(text)
      this.lines.push(...String(text).replace(/\n$/, '').split('\n'))
      return true
    }) as typeof process.stderr.write
  }

  override release(): void {
    process.stderr.write = this.#write
    if (this.lines.length > 0) this.put(`${this.lines.splice(0).join('\n')}\n`)
    this.put('\u001b[?25h')
  }

  override toStdout(text: string, eol = true): boolean {
    return this.put(eol ? `${text}\n` : text)
  }
}

/** Where a list on stderr logs to. */
export function stderrLogger(): ListrLogger {
  return new ListrLogger({ processOutput: new Above() })
}

/** log-update, as listr2 holds it. */
interface Updater {
  clear(): void
  done(): void
}

/**
 * listr2's list on stderr: no line longer than the terminal, also after it was resized, and what is written to stderr meanwhile
 * stays above the list.
 */
export class Screen extends DefaultRenderer {
  // listr2 asks whether stdout is a terminal, and would fall back to lines on stdout where that is a pipe.
  static override nonTTY = true
  #width = widthNow()
  #frame: string[] = []

  override update(): void {
    const { updater, logger } = this as unknown as { updater: Updater; logger: ListrLogger }
    const above = logger.process as Above
    const width = widthNow()
    if (width !== this.#width) {
      this.#erase(above, width)
      updater.done()
    } else if (above.lines.length > 0) {
      updater.clear()
    }
    this.#width = width
    if (above.lines.length > 0) above.put(`${above.lines.splice(0).join('\n')}\n`)
    super.update()
  }

  override end(): void {
    this.update()
    super.end()
  }

  override create(options?: Parameters<DefaultRenderer['create']>[0]): string {
    const text = super.create(options)
    this.#frame = text.split('\n')
    return text
  }

  protected override format(message: string, icon: string, level: number): string[] {
    const indent = ' '.repeat(level * 2)
    const room = widthNow() - 1 - indent.length
    const head = icon ? `${icon} ` : ''
    return message
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => indent + head + cut(line, room - columnsOf(head)))
  }

  /** Takes down a frame that the terminal has wrapped anew: where lines were longer, they are several now. */
  #erase(above: Above, width: number): void {
    const rows = this.#frame.reduce((sum, line) => sum + Math.max(1, Math.ceil(columnsOf(line) / width)), 0)
    above.put(`${ERASE_LINE_UP.repeat(rows)}\u001b[2K\u001b[G`)
  }
}

/** Columns of the terminal. */
export function widthNow(): number {
  return process.stderr.columns || 80
}
