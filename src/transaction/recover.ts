import { readdir, realpath, rm, rmdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { VmcloneError } from '../errors/index.ts'
import { hasCode } from './atomic.ts'
import { refuseTouched } from './host-files.ts'
import { checkJournal, type Journal, readJournal } from './journal.ts'
import { checkLock, takeLock } from './lock.ts'
import { type Descriptors, discard, type Step, settle, tidyingFault } from './settle.ts'
import { hasWorkspace, type Workspace, workspaceOf } from './workspace.ts'

/** What became, or would become, of an interrupted run. */
export interface Recovery {
  readonly outcome: 'discarded' | 'finished' | 'taken-back'
  /** A sentence for a notice. */
  readonly message: string
}

/**
 * Ends what an interrupted run left in a VM's directory; undefined if there was nothing. To be called before the VM is
 * read. Throws VM_BUSY, VM_TOUCHED, JOURNAL_UNUSABLE, WORKSPACE_UNSAFE, WORKSPACE_LEFT; what settle throws if it cannot be brought to an end.
 */
export async function recover(
  directory: string,
  options: { readonly descriptors: Descriptors; readonly onStep?: (step: Step) => void | Promise<void> },
): Promise<Recovery | undefined> {
  const real = await realpath(directory)
  const workspace = workspaceOf(real)
  if (!(await hasWorkspace(workspace)) || (await remains(workspace)).length === 0) return undefined
  const release = await takeLock(workspace.lock).catch((error: unknown) => {
    // Another run that ended meanwhile took it all away.
    if (!hasCode(error, 'ENOENT')) throw error
  })
  if (release === undefined) return undefined
  try {
    for (const name of await remains(workspace))
      if (name.startsWith('lock.')) await rm(join(workspace.root, name), { force: true })
    const journal = await readJournal(workspace)
    const unchanged = journal === undefined || journal.state === 'open'
    if (!unchanged) await check(journal, real, workspace)
    const left = unchanged
      ? await tidyingFault(discard(workspace))
      : await settle({ ...options, directory: real, workspace }, journal)
    if (left !== undefined)
      throw new VmcloneError('WORKSPACE_LEFT', `${workspace.root} cannot be tidied up: ${left}`)
    return journal && recoveryOf(journal, 'was')
  } finally {
    await release()
    await rmdir(workspace.root).catch(() => undefined)
  }
}

/** What recover would do; nothing is written. Throws as recover does. */
export async function peek(directory: string): Promise<Recovery | undefined> {
  const real = await realpath(directory)
  const workspace = workspaceOf(real)
  if (!(await hasWorkspace(workspace))) return undefined
  await checkLock(workspace.lock)
  const journal = await readJournal(workspace)
  if (journal && journal.state !== 'open') await check(journal, real, workspace)
  return journal && recoveryOf(journal, 'will be')
}

async function check(journal: Journal, directory: string, { work }: Workspace): Promise<void> {
  checkJournal(journal, directory)
  if (journal.state !== 'done') await refuseTouched(directory, work, journal.files)
}

function recoveryOf({ state }: Journal, was: 'was' | 'will be'): Recovery {
  if (state === 'open') {
    return {
      outcome: 'discarded',
      message: `An interrupted run had not changed the VM; what it had prepared ${was} removed.`,
    }
  }
  if (state === 'rollback')
    return {
      outcome: 'taken-back',
      message: `What an interrupted run had changed ${was} taken back: the VM is as before it.`,
    }
  return {
    outcome: 'finished',
    message: `An interrupted run ${was} finished: the VM is as that run wanted it.`,
  }
}

/** What there is besides that which a finished run leaves. */
async function remains({ root, record, undo }: Workspace): Promise<string[]> {
  const kept = [record, undo].map((path) => basename(path))
  const names = await readdir(root).catch((error: unknown): string[] => {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  })
  return names.filter((name) => !kept.includes(name))
}
