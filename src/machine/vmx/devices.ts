import type { VmxDocument } from './document.ts'

/** Namespaces ("ethernet0", "scsi0:1") that match, in lower case, each once, sorted by the numbers in them. */
export function devices(vmx: VmxDocument, pattern: RegExp): string[] {
  const found = new Set<string>()
  for (const key of vmx.keys()) {
    const end = key.indexOf('.')
    if (end < 1 || end === key.length - 1) continue
    const device = key.slice(0, end).toLowerCase()
    if (!found.has(device) && pattern.test(device)) found.add(device)
  }
  return [...found].sort(byNumbers)
}

function byNumbers(a: string, b: string): number {
  const numbers = (device: string) => (device.match(/\d+/g) ?? []).map(Number)
  const [first, second] = [numbers(a), numbers(b)]
  const i = first.findIndex((number, at) => number !== second[at])
  return i < 0 ? 0 : (first[i] as number) - (second[i] ?? -1)
}
