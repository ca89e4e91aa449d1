import { dirname } from 'node:path'
import { VmcloneError } from '../../errors/index.ts'
import type { Session } from '../session.ts'
import { endPrograms } from './leftover.ts'
import type { Script } from './script.ts'

/**
 * Runs a script over the guest as it is mounted. Paths of this host that are relative begin at the script's directory.
 * No program that it started runs afterwards. Throws SCRIPT_FAILED for the first command that fails and may not.
 */
export async function runScript(session: Session, { file, commands }: Script): Promise<void> {
  await session.run('lcd', dirname(file))
  try {
    for (const { line, name, text, mayFail } of commands) {
      const { ok, error } = await session.line(`${name} at ${file}:${line}`, text)
      if (ok || mayFail) continue
      throw new VmcloneError('SCRIPT_FAILED', `${file}:${line}: ${name} failed${wordsIn(error, name)}`, {
        position: { file, line },
      })
    }
  } finally {
    await session.attempt('lcd', '/').catch(() => undefined)
    await endPrograms(session)
  }
}

/** What guestfish says of a command, which may be nothing but its name. */
function wordsIn(error: string, name: string): string {
  const words = (error.startsWith(`${name}:`) ? error.slice(name.length + 1) : error).trim()
  return words === '' ? ' without a word' : `: ${words}`
}
