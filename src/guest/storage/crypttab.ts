/** Device-mapper names that a crypttab gives, to what they stand on: "UUID=…", "/dev/sda3". */
export function parseCrypttab(text: string): Map<string, string> {
  const volumes = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [name = '', source] = line.trim().split(/[ \t]+/)
    if (source !== undefined && !name.startsWith('#'))
      volumes.set(name, source.replace(/^([A-Z]+)="(.*)"$/, '$1=$2'))
  }
  return volumes
}
