import { readdirSync, readFileSync } from 'node:fs'

/** Processes, zombies apart, that have this directory in their environment or on their command line. */
export function using(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => ['environ', 'cmdline'].some((file) => holds(`/proc/${pid}/${file}`, directory)))
}

function holds(path: string, text: string): boolean {
  try {
    return readFileSync(path, 'latin1').includes(text)
  } catch {
    return false
  }
}
