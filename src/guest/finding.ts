import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { cpus, hostname, release } from 'node:os'
import { join } from 'node:path'

/** How the appliance runs here. */
export type Accelerator = 'kvm' | 'tcg'

const FILE = 'accelerator.json'
const DAYS = 30

/** What an earlier run found out about this host; undefined if nothing, or if it is old or of another host. */
export async function recallAccelerator(directory: string): Promise<Accelerator | undefined> {
  try {
    const found: unknown = JSON.parse(await readFile(join(directory, FILE), 'utf8'))
    if (typeof found !== 'object' || found === null) return undefined
    const { host, accelerator, at } = found as Record<string, unknown>
    const age = typeof at === 'number' ? Date.now() - at : Number.NaN
    if (host !== (await hostKey()) || !(age >= 0 && age < DAYS * 86_400_000)) return undefined
    return accelerator === 'kvm' || accelerator === 'tcg' ? accelerator : undefined
  } catch {
    return undefined
  }
}

/** Remembers it for other runs. Never fails: a cache that cannot be written costs time only. */
export async function rememberAccelerator(directory: string, accelerator: Accelerator): Promise<void> {
  const temporary = join(directory, `${FILE}.${process.pid}`)
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await writeFile(temporary, JSON.stringify({ host: await hostKey(), accelerator, at: Date.now() }))
    await rename(temporary, join(directory, FILE))
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

/** What a finding depends on: host, kernel, processor and the KVM device. */
async function hostKey(): Promise<string> {
  const kvm = await stat('/dev/kvm').then(
    (found) => `${found.rdev}:${found.mode}:${found.uid}:${found.gid}`,
    () => 'absent',
  )
  return [hostname(), release(), cpus()[0]?.model ?? '', kvm].join('|')
}
