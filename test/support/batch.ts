import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { onTestFinished } from 'vitest'
import { type CloneJson, start } from './cli.ts'

/** One clone of a batch in the JSON document. */
export interface BatchCloneJson extends CloneJson {
  readonly line: number
  readonly how?: 'stamped' | 'edited'
  readonly readBack?: boolean
  readonly kept?: boolean
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string }
}

/** How a batch of the built command line ended. */
export interface BatchRun {
  readonly exit: number | undefined
  readonly stderr: string
  readonly clones: readonly BatchCloneJson[]
  readonly error?: { readonly code: string; readonly message: string; readonly faults?: readonly object[] }
}

/** Writes a table of clones with these names, at 192.168.8.11 and on. */
export async function writeTable(file: string, names: readonly string[], first = 11): Promise<string> {
  const rows = names.map((name, index) => `${name},192.168.8.${first + index}/24`)
  await writeFile(file, ['name,ip', ...rows, ''].join('\n'))
  return file
}

/** Options that complete the table's addresses. */
export const NETWORK: readonly string[] = ['--gateway', '192.168.8.1', '--dns', '192.168.8.53']

/** Runs `vmclone-fix batch … --json` to its end. */
export async function runBatch(args: readonly string[]): Promise<BatchRun> {
  const { exitCode, stdout, stderr } = await start(['batch', ...args])
  const { clones = [], error } = JSON.parse(stdout || '{}')
  return { exit: exitCode, stderr, clones, ...(error === undefined ? {} : { error }) }
}

/** Mounts a new file system in a loop file for a test; gone after it. Needs root. */
export async function mountFilesystem(
  directory: string,
  mkfs: readonly [command: string, ...args: string[]],
  megabytes: number,
): Promise<string> {
  const image = join(directory, `${mkfs[0].split('.').at(-1)}.img`)
  const at = join(directory, 'mounted')
  await mkdir(at)
  await execa('truncate', ['-s', `${megabytes}M`, image])
  await execa(mkfs[0], [...mkfs.slice(1), image])
  await execa('mount', ['-o', 'loop', image, at])
  onTestFinished(async () => {
    await execa('umount', ['-l', at], { reject: false })
  })
  return at
}
