const cache = new Map<string, RegExp>()

/** True if an absolute guest path matches a pattern: "*" and "?" within one name, a final "/**" the directory and all below. */
export function matchesGlob(path: string, pattern: string): boolean {
  let regex = cache.get(pattern)
  if (!regex) {
    regex = compile(pattern)
    cache.set(pattern, regex)
  }
  return regex.test(path)
}

function compile(pattern: string): RegExp {
  const whole = pattern.endsWith('/**')
  const stem = whole ? pattern.slice(0, -3) : pattern
  const source = stem
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]')
  return new RegExp(`^${source}${whole ? '(/.*)?' : ''}$`, 's')
}
