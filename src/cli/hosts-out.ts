import { constants } from 'node:fs'
import { access, readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { writeAtomic } from '../transaction/atomic.ts'
import type { BatchReport } from '../workflow/batch/types.ts'
import type { Value } from './options/given.ts'
import { bad } from './options/parsers.ts'
import { faultOf } from './options/source.ts'
import { visible } from './render/escape.ts'
import type { Terminal } from './terminal.ts'

const HEAD = '# Made by vmclone-fix batch: a line for each clone; each run replaces the whole file.\n'

/**
 * Refuses early what could not be written in the end, and a file that was not made here: the host's own hosts file would be
 * lost. Throws BAD_OPTION.
 */
export async function checkHostsOut({ value: path, source }: Value<string>, cwd: string): Promise<void> {
  const file = resolve(cwd, path)
  const there = await stat(file).catch(() => undefined)
  const refuse = (fact: string, hint: string) => faultOf(source, bad(`${path} ${fact}`, hint))
  if (there !== undefined && !there.isFile()) throw refuse('is no regular file', 'Name a file of its own.')
  const head = there === undefined ? HEAD : await readFile(file, 'utf8').catch(() => '')
  if (!head.startsWith(HEAD))
    throw refuse('exists and was not made by an earlier run', 'Name a new file, or remove this one.')
  try {
    await access(dirname(file), constants.W_OK)
  } catch {
    throw refuse('cannot be written', 'Name a file in a directory that exists and is yours.')
  }
}

/** Writes the clones as a hosts file, whole or not at all. False if it cannot be, which is told on stderr: the clones are there. */
export async function writeHostsOut(
  { value: path, source }: Value<string>,
  { cwd, stderr }: Pick<Terminal, 'cwd' | 'stderr'>,
  { hosts }: Pick<BatchReport, 'hosts'>,
): Promise<boolean> {
  const lines = hosts.map(({ address, names }) => `${address}\t${names.join(' ')}\n`)
  try {
    await writeAtomic(resolve(cwd, path), Buffer.from(HEAD + lines.join('')), { mode: 0o644 })
    return true
  } catch (cause) {
    stderr.write(`vmclone-fix: ${source.label}: ${visible((cause as Error).message)}\n`)
    return false
  }
}
