import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { VmcloneError } from '../../errors/index.ts'
import type { Values } from '../options/given.ts'
import { readContext } from '../request-files.ts'
import { readTable, type Table } from './read.ts'

/** What stands for standard input. */
const STDIN = '-'

/** Reads the table of a batch from a file, or from standard input. Throws TABLE_NOT_FOUND, and VmcloneError for wrong options. */
export async function openTable(path: string, values: Values, cwd: string): Promise<Table> {
  const context = await readContext(values, cwd)
  const bytes = path === STDIN ? await standardInput() : await bytesOf(path, cwd)
  return readTable(bytes, path === STDIN ? 'standard input' : path, {
    ...context,
    defaults: values,
    directory: path === STDIN ? '' : dirname(path),
  })
}

async function bytesOf(path: string, cwd: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(cwd, path))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const fact =
      code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a directory' : `cannot be read (${code})`
    throw new VmcloneError('TABLE_NOT_FOUND', `${path} ${fact}`, { cause })
  }
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}
