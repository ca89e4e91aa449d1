import { resolve } from 'node:path'
import { writeAtomic } from '../transaction/atomic.ts'
import type { BatchReport } from '../workflow/batch/types.ts'
import type { Value } from './options/given.ts'
import { visible } from './render/escape.ts'
import type { Terminal } from './terminal.ts'

/** How the file begins. */
export const HOSTS_HEAD =
  '# Made by vmclone-fix batch: a line for each clone; each run replaces the whole file.\n'

/** Writes the clones as a hosts file, whole or not at all. False if it cannot be, which is told on stderr: the clones are there. */
export async function writeHostsOut(
  { value: path, source }: Value<string>,
  { cwd, stderr }: Pick<Terminal, 'cwd' | 'stderr'>,
  { hosts }: Pick<BatchReport, 'hosts'>,
): Promise<boolean> {
  const lines = hosts.map(({ address, names }) => `${address}\t${names.join(' ')}\n`)
  try {
    await writeAtomic(resolve(cwd, path), Buffer.from(HOSTS_HEAD + lines.join('')), { mode: 0o644 })
    return true
  } catch (cause) {
    stderr.write(`vmclone-fix: ${source.label}: ${visible((cause as Error).message)}\n`)
    return false
  }
}
