/** One entry of an fstab. */
export interface FstabEntry {
  /** What is mounted, unescaped and without quotes: "UUID=…", "/dev/sda1", "tmpfs". */
  readonly spec: string
  readonly mountpoint: string
  readonly type: string
  readonly options: readonly string[]
}

/** The entries of an fstab as mount reads it: comments, blank and short lines are passed over. */
export function parseFstab(text: string): FstabEntry[] {
  const entries: FstabEntry[] = []
  for (const line of text.split('\n')) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const [spec, mountpoint, type = 'auto', options = 'defaults'] = trimmed.split(/[ \t]+/)
    if (spec === undefined || mountpoint === undefined) continue
    entries.push({
      spec: unquote(unescaped(spec)),
      mountpoint: normal(unescaped(mountpoint)),
      type: unescaped(type),
      options: unescaped(options).split(','),
    })
  }
  return entries
}

function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8) & 0xff),
  )
}

/** UUID="abc" and "UUID=abc" are the same as UUID=abc. */
function unquote(spec: string): string {
  const whole = /^"(.*)"$|^'(.*)'$/.exec(spec)
  if (whole) return whole[1] ?? whole[2] ?? ''
  return spec.replace(/^([A-Z]+)=(["'])(.*)\2$/, '$1=$3')
}

function normal(path: string): string {
  return path.length > 1 ? path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1') : path
}
