/** A pattern of absolute guest paths: "*" and "?" match within one name, a final "/**" the directory and all below. */
export interface Glob {
  /** True if it has no wildcard. */
  readonly plain: boolean
  matches(path: string): boolean
}

const cache = new Map<string, Glob>()

/** A pattern, compiled once. */
export function globOf(pattern: string): Glob {
  const known = cache.get(pattern)
  if (known !== undefined) return known
  const glob = compile(pattern)
  cache.set(pattern, glob)
  return glob
}

/** True if an absolute guest path matches a pattern. */
export function matchesGlob(path: string, pattern: string): boolean {
  return globOf(pattern).matches(path)
}

function compile(pattern: string): Glob {
  const literal = (/^[^*?]*/.exec(pattern) as RegExpExecArray)[0]
  const start = literal.replace(/\/$/, '')
  const whole = pattern.endsWith('/**')
  const stem = whole ? pattern.slice(0, -3) : pattern
  const source = stem
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]')
  const regex = new RegExp(`^${source}${whole ? '(/.*)?' : ''}$`, 's')
  // Most paths begin otherwise.
  return { plain: literal === pattern, matches: (path) => path.startsWith(start) && regex.test(path) }
}
