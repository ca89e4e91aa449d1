const LIBRARY_ERROR = /^(\*stdin\*:\d+: )?libguestfs: error: /
const ASIDE =
  /^(\*stdin\*:\d+: )?(libguestfs: (warning|trace):|guestfish: warning|\(in guestfish, don|n[0-9a-f]{32}_)/
const DECORATION = /^(\*stdin\*:\d+: )?(libguestfs: )?(error: )?/

/** The failure that a command's stderr speaks of, in one line of printable text; undefined if it did well. */
export function failureIn(stderr: string, verbose: boolean): string | undefined {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !ASIDE.test(line))
  const telling = verbose ? lines.filter((line) => LIBRARY_ERROR.test(line)) : lines
  if (telling.length === 0) return undefined
  const text = telling.map((line) => line.replace(DECORATION, '')).join('; ')
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, '?').slice(0, 2000)
}
