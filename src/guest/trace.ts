import { matchesGlob } from './glob.ts'

/** Where something looked in a tree: entries by path, whether they are there or not, and patterns. */
export class Trace {
  readonly #paths = new Set<string>()
  readonly #patterns = new Set<string>()
  #everywhere = false

  get paths(): Iterable<string> {
    return this.#paths
  }

  path(path: string): void {
    this.#paths.add(path)
  }

  pattern(pattern: string): void {
    this.#patterns.add(pattern)
  }

  everywhere(): void {
    this.#everywhere = true
  }

  /** Takes in where something else looked. */
  add(other: Trace): void {
    for (const path of other.#paths) this.#paths.add(path)
    for (const pattern of other.#patterns) this.#patterns.add(pattern)
    this.#everywhere ||= other.#everywhere
  }

  /** True if it would have seen a change at this path. */
  sees(path: string): boolean {
    if (this.#everywhere || this.#paths.has(path)) return true
    for (const pattern of this.#patterns) if (matchesGlob(path, pattern)) return true
    return false
  }
}
