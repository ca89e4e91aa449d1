import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'

/** A new VMDK. `options` as for `-o`. */
export async function createVmdk(path: string, options: string, size = '64M'): Promise<void> {
  await execa('qemu-img', ['create', '-q', '-f', 'vmdk', '-o', options, path, size])
}

/** A VMDK that stands on another; `hint` is stored as it is, relative to the child. */
export async function createChild(path: string, hint: string, subformat: string): Promise<void> {
  const options = `subformat=${subformat},adapter_type=lsilogic`
  await execa('qemu-img', ['create', '-q', '-f', 'vmdk', '-F', 'vmdk', '-b', hint, '-o', options, path])
}

/** Writes 64 KiB of a byte at an offset such as "1M". */
export async function writePattern(
  path: string,
  byte: number,
  offset: string,
  format = 'vmdk',
): Promise<void> {
  await execa('qemu-io', ['-f', format, '-c', `write -P ${byte} ${offset} 64k`, path])
}

/** True if there are 64 KiB of that byte; throws if the disk cannot be opened. */
export async function hasPattern(path: string, byte: number, offset: string): Promise<boolean> {
  const { exitCode, stdout } = await execa(
    'qemu-io',
    ['-r', '-f', 'vmdk', '-c', `read -P ${byte} ${offset} 64k`, path],
    { reject: false, all: true },
  )
  if (exitCode !== 0 && !stdout.includes('Pattern verification failed')) throw new Error(`qemu-io: ${stdout}`)
  return exitCode === 0
}

/** Bytes that the guest would see. */
export async function virtualSize(path: string): Promise<number> {
  const { stdout } = await execa('qemu-img', ['info', '-f', 'vmdk', '--output=json', path])
  return (JSON.parse(stdout) as { 'virtual-size': number })['virtual-size']
}

/** Of each file in a directory what any write to it, or to its attributes, changes. */
export async function traces(directory: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const name of ['.', ...(await readdir(directory)).sort()]) {
    const { ino, size, mtimeNs, ctimeNs } = await stat(join(directory, name), { bigint: true })
    files[name] = [ino, size, mtimeNs, ctimeNs].join(' ')
  }
  return files
}

/** Names and hashes of all files in a directory. */
export async function manifest(directory: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const name of (await readdir(directory)).sort()) {
    const bytes = await readFile(join(directory, name))
    files[name] = createHash('sha256').update(bytes).digest('hex')
  }
  return files
}
