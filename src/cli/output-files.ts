import { constants, type Stats } from 'node:fs'
import { access, open, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { isDescriptor } from './descriptor.ts'
import { EVENTS_HEAD } from './events-file.ts'
import { HOSTS_HEAD } from './hosts-out.ts'
import type { Values } from './options/given.ts'
import { bad } from './options/parsers.ts'
import { faultOf } from './options/source.ts'
import { PAGE_HEAD } from './render/html/markup.ts'

/** Options that name a file which is written, and how each file begins: an earlier one is known by that. */
const HEADS = { 'hosts-out': HOSTS_HEAD, report: PAGE_HEAD, events: EVENTS_HEAD } as const

export type OutputOption = keyof typeof HEADS

const NAMES = Object.keys(HEADS) as OutputOption[]

/**
 * Refuses early what could not be written in the end, and a file that was not made here: what it holds would be lost, such as
 * the table of the batch or the host's own hosts file. Throws BAD_OPTION.
 */
export async function checkOutputs(values: Pick<Values, OutputOption>, cwd: string): Promise<void> {
  for (const name of NAMES) {
    const { value: path, source } = values[name] ?? {}
    if (path === undefined || source === undefined) continue
    const fault = await faultAt(resolve(cwd, path), name)
    if (fault !== undefined) throw faultOf(source, bad(`${path} ${fault.fact}`, fault.hint))
  }
}

async function faultAt(
  file: string,
  name: OutputOption,
): Promise<{ fact: string; hint: string } | undefined> {
  const there = await stat(file).catch(() => undefined)
  if (there?.isDirectory()) return { fact: 'is a directory', hint: 'Name a file of its own.' }
  // The hosts file is put in the place of what is there; the others are written into it, so it may be a pipe.
  const whole = name === 'hosts-out'
  if (there !== undefined && !whole && isDescriptor(file)) return undefined
  if (there !== undefined && !there.isFile())
    return whole ? { fact: 'is no regular file', hint: 'Name a file of its own.' } : undefined
  if (there !== undefined && !(await isOurs(file, there, HEADS[name])))
    return { fact: 'exists and was not made by an earlier run', hint: 'Name a new file, or remove this one.' }
  try {
    const fresh = there === undefined && !isDescriptor(file)
    await access(fresh || whole ? `${dirname(file)}/` : file, constants.W_OK)
    return undefined
  } catch {
    return { fact: 'cannot be written', hint: 'Name a file in a directory that exists and is yours.' }
  }
}

/** An empty file holds nothing that could be lost. */
async function isOurs(file: string, { size }: Stats, head: string): Promise<boolean> {
  if (size === 0) return true
  const handle = await open(file).catch(() => undefined)
  if (handle === undefined) return false
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Buffer.byteLength(head)))
    return buffer.toString('utf8', 0, bytesRead) === head
  } finally {
    await handle.close()
  }
}
