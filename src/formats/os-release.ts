/** The variables of an os-release file, quotes undone; the last assignment wins (os-release(5)). */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const line of text.split(/\r\n|\n|\r/)) {
    const match = /^\s*([A-Z][A-Z0-9_]*)=(.*?)\s*$/.exec(line)
    if (match) values.set(match[1] as string, unquote(match[2] as string))
  }
  return values
}

function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(value)
  if (!quoted) return value
  return quoted[1] === '"' ? (quoted[2] as string).replace(/\\([\\"$`])/g, '$1') : (quoted[2] as string)
}
