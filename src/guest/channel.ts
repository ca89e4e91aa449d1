/** Bytes that came from a pipe and wait for the mark that ends the answer to a command. */
export class Channel {
  /** When bytes last came, in milliseconds of the clock. */
  lastHeard: number = Date.now()
  #held = Buffer.alloc(0)
  #chunks: Buffer[] = []
  #found: { readonly mark: string; readonly at: number } | undefined
  #searched = 0

  push(chunk: Buffer): void {
    this.lastHeard = Date.now()
    this.#chunks.push(chunk)
  }

  /** What stands before the mark; undefined if the mark has not come. */
  peek(mark: string): Buffer | undefined {
    if (this.#found?.mark !== mark) {
      this.#join()
      const at = this.#held.indexOf(mark, this.#searched, 'latin1')
      if (at < 0) {
        this.#searched = Math.max(0, this.#held.length - mark.length)
        return undefined
      }
      this.#found = { mark, at }
    }
    return this.#held.subarray(0, this.#found.at)
  }

  /** Forgets the answer that peek() showed, and its mark. */
  drop(): void {
    if (!this.#found) return
    this.#held = this.#held.subarray(this.#found.at + this.#found.mark.length)
    this.#found = undefined
    this.#searched = 0
  }

  /** All that waits, as text. */
  text(): string {
    this.#join()
    return this.#held.toString('utf8')
  }

  #join(): void {
    if (this.#chunks.length === 0) return
    this.#held = Buffer.concat([this.#held, ...this.#chunks])
    this.#chunks = []
  }
}
