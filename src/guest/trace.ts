import { matchesGlob } from './glob.ts'

/** Where something looked in a tree: entries by path, whether they are there or not, and patterns. */
export class Trace {
  readonly #paths = new Set<string>()
  /** Each with the text before its first wildcard. */
  readonly #patterns = new Map<string, string>()
  #everywhere = false
  /** By path, whether it would have seen a change there. */
  readonly #answers = new Map<string, boolean>()

  path(path: string): void {
    this.#answers.clear()
    this.#paths.add(path)
  }

  pattern(pattern: string, literal: string): void {
    this.#answers.clear()
    this.#patterns.set(pattern, literal)
  }

  everywhere(): void {
    this.#answers.clear()
    this.#everywhere = true
  }

  /** Takes in where something else looked. */
  add(other: Trace): void {
    this.#answers.clear()
    for (const path of other.#paths) this.#paths.add(path)
    for (const [pattern, literal] of other.#patterns) this.#patterns.set(pattern, literal)
    this.#everywhere ||= other.#everywhere
  }

  /** True if it would have seen a change at one of these paths. */
  sees(changed: Iterable<string>): boolean {
    for (const path of changed) {
      const answer = this.#answers.get(path) ?? this.#looksAt(path)
      this.#answers.set(path, answer)
      if (answer) return true
    }
    return false
  }

  #looksAt(path: string): boolean {
    if (this.#everywhere || this.#paths.has(path)) return true
    for (const [pattern, literal] of this.#patterns)
      if (path.startsWith(literal) && matchesGlob(path, pattern)) return true
    return false
  }
}
