import { matchesGlob } from './glob.ts'

/** Where something looked in a tree: entries by path, whether they are there or not, and patterns. */
export class Trace {
  readonly #paths = new Set<string>()
  /** Each with the text before its first wildcard. */
  readonly #patterns = new Map<string, string>()
  #everywhere = false

  get paths(): Iterable<string> {
    return this.#paths
  }

  path(path: string): void {
    this.#paths.add(path)
  }

  pattern(pattern: string, literal: string): void {
    this.#patterns.set(pattern, literal)
  }

  everywhere(): void {
    this.#everywhere = true
  }

  /** Takes in where something else looked. */
  add(other: Trace): void {
    for (const path of other.#paths) this.#paths.add(path)
    for (const [pattern, literal] of other.#patterns) this.#patterns.set(pattern, literal)
    this.#everywhere ||= other.#everywhere
  }

  /** True if it would have seen a change at this path. */
  sees(path: string): boolean {
    if (this.#everywhere || this.#paths.has(path)) return true
    for (const [pattern, literal] of this.#patterns)
      if (path.startsWith(literal) && matchesGlob(path, pattern)) return true
    return false
  }
}
