import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { VmcloneError } from '../errors/index.ts'
import { parseScript, type Script } from '../guest/script/script.ts'
import type { FixedIdentity } from '../identity/fixed.ts'
import type { CloneReport } from './report.ts'

/** Bytes; data belong into files that a script uploads. */
const LARGEST = 1024 * 1024

/** Reads and checks scripts, given by absolute paths. Throws SCRIPT_NOT_FOUND, SCRIPT_REFUSED. */
export async function readScripts(files: readonly string[] = []): Promise<Script[]> {
  const scripts: Script[] = []
  for (const file of files) {
    const bytes = await read(file)
    const digest = createHash('sha256').update(bytes).digest('hex')
    scripts.push({ file, digest, commands: parseScript(bytes, file) })
  }
  return scripts
}

async function read(file: string): Promise<Uint8Array> {
  const about = await stat(file).catch((cause: NodeJS.ErrnoException) =>
    refuse(file, `cannot be read (${cause.code})`),
  )
  if (about.isFile() && about.size > LARGEST) refuse(file, 'is larger than any script')
  return readFile(file).catch((cause: NodeJS.ErrnoException) =>
    refuse(file, `cannot be read (${cause.code})`),
  )
}

function refuse(file: string, fact: string): never {
  throw new VmcloneError('SCRIPT_NOT_FOUND', `the script ${file} ${fact}`)
}

/** Those that are to run: an earlier run of the same one on this VM counts, until the script is changed. */
export function pendingScripts(scripts: readonly Script[], fixed: FixedIdentity | undefined): Script[] {
  return scripts.filter(({ digest }) => !fixed?.scripts?.includes(digest))
}

/** What a report says of them; nothing if there are none. */
export function scriptsIn(scripts: readonly Script[]): Pick<CloneReport, 'scripts'> {
  if (scripts.length === 0) return {}
  return { scripts: scripts.map(({ file, commands }) => ({ file, commands: commands.length })) }
}

/** The record of a VM on which these have run now. */
export function withScripts(
  given: FixedIdentity,
  scripts: readonly Script[],
  earlier?: FixedIdentity,
): FixedIdentity {
  const digests = new Set([...(earlier?.scripts ?? []), ...scripts.map(({ digest }) => digest)])
  return digests.size === 0 ? given : { ...given, scripts: [...digests] }
}
