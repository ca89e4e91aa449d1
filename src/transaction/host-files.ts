import { lstat, mkdir, readlink, realpath } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { VmcloneError } from '../errors/index.ts'
import { sameBytes } from '../formats/bytes.ts'
import { linkAtomic, readIfThere, removeDurably, writeAtomic } from './atomic.ts'
import type { MachineFileChange } from './change.ts'
import { isInside } from './inside.ts'
import type { JournalFile } from './journal.ts'
import { BEFORE, STAGE, WORKSPACE_NAME } from './workspace.ts'

/**
 * Keeps the old and the new bytes of the VM's own files in `work`, durably; those of the .vmx, a path relative to the
 * directory, also if it does not change. Throws CHANGED_MEANWHILE if a file is no
 * longer what was planned on.
 */
export async function stageFiles(
  directory: string,
  work: string,
  changes: readonly MachineFileChange[],
  vmx: string,
): Promise<JournalFile[]> {
  await mkdir(join(work, STAGE), { recursive: true, mode: 0o700 })
  await mkdir(join(work, BEFORE), { recursive: true, mode: 0o700 })
  const files: JournalFile[] = []
  for (const change of changes) files.push(await stage(directory, work, change, String(files.length)))
  if (changes.some(({ path }) => path === vmx)) return files
  const name = String(files.length)
  const path = join(directory, vmx)
  const before = await keep(path, join(work, BEFORE, name), name, await readIfThere(path))
  return before === undefined ? files : [...files, { path: vmx, witness: true, before }]
}

async function stage(
  directory: string,
  work: string,
  change: MachineFileChange,
  name: string,
): Promise<JournalFile> {
  const path = await placeOf(directory, change)
  const found = await readIfThere(path)
  if (change.before === undefined ? change.kind === 'write' && found : !sameBytes(found, change.before))
    throw new VmcloneError('CHANGED_MEANWHILE', `${path} was changed since the plan was made`)
  const before = await keep(path, join(work, BEFORE, name), name, found)
  const file = { path: change.path, ...(before === undefined ? {} : { before }) }
  if (change.kind === 'remove') return file
  await writeAtomic(join(work, STAGE, name), change.after, { mode: 0o600 })
  const { mode, owner } = change
  return {
    ...file,
    after: name,
    ...(mode === undefined ? {} : { mode }),
    ...(owner === undefined ? {} : { owner }),
  }
}

async function keep(
  path: string,
  copy: string,
  name: string,
  content: Uint8Array | undefined,
): Promise<JournalFile['before']> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return undefined
  const owner = { uid: found.uid, gid: found.gid }
  if (found.isSymbolicLink()) return { link: await readlink(path), owner }
  if (!found.isFile() || content === undefined)
    throw new VmcloneError('CHANGED_MEANWHILE', `${path} is not a regular file`)
  await writeAtomic(copy, content, { like: path })
  return { content: name, owner }
}

async function placeOf(directory: string, { at, path, kind, ...change }: MachineFileChange): Promise<string> {
  const place = resolve(directory, path)
  const tree = 'tree' in change && change.tree
  if (
    at === 'guest' ||
    tree ||
    !isInside(place, directory) ||
    isInside(place, join(directory, WORKSPACE_NAME))
  )
    throw new TypeError(`${kind} of ${path} is no change of a file in the VM's directory`)
  const parent = await realpath(dirname(place))
  if (parent !== directory && !isInside(parent, directory))
    throw new VmcloneError('CHANGED_MEANWHILE', `${dirname(place)} leads out of the VM's directory`)
  return place
}

/**
 * Throws VM_TOUCHED if a file of an interrupted transaction is neither the old nor the new one: VMware rewrites the .vmx when
 * the VM is powered on, and then its disk has moved on too.
 */
export async function refuseTouched(
  directory: string,
  work: string,
  files: readonly JournalFile[],
): Promise<void> {
  for (const { path, before, after, witness } of files) {
    if (before?.link !== undefined) continue
    const now = await readIfThere(join(directory, path))
    const old =
      before?.content === undefined ? undefined : await contentOf(join(work, BEFORE, before.content))
    const next = after === undefined ? undefined : await readIfThere(join(work, STAGE, after))
    const known = after === undefined || next !== undefined
    if (known && !sameBytes(now, old) && (witness || !sameBytes(now, next)))
      throw new VmcloneError(
        'VM_TOUCHED',
        `${join(directory, path)} was changed after a run was interrupted here`,
      )
  }
}

/** Puts the new file in place, with the attributes of the old one. May be repeated. */
export async function installFile(directory: string, work: string, file: JournalFile): Promise<void> {
  const path = join(directory, file.path)
  if (file.after === undefined) return removeDurably(path)
  const bytes = await contentOf(join(work, STAGE, file.after))
  const { mode, owner } = file
  const kept = file.before?.content
  await writeAtomic(path, bytes, {
    ...(kept === undefined ? {} : { like: join(work, BEFORE, kept) }),
    ...(mode === undefined ? {} : { mode }),
    ...(owner === undefined ? {} : { owner }),
  })
}

/** Puts the old file back. May be repeated; a file that was never touched is not touched. */
export async function restoreFile(directory: string, work: string, file: JournalFile): Promise<void> {
  const path = join(directory, file.path)
  const { before } = file
  if (before?.link !== undefined) return linkAtomic(path, before.link, before.owner)
  if (before?.content === undefined) return removeDurably(path)
  const kept = join(work, BEFORE, before.content)
  const [old, now, oldState, nowState] = [
    await contentOf(kept),
    await readIfThere(path),
    await lstat(kept),
    await lstat(path).catch(() => undefined),
  ]
  if (nowState?.isFile() && nowState.mode === oldState.mode && sameBytes(old, now)) return
  await writeAtomic(path, old, { like: kept })
}

async function contentOf(path: string): Promise<Uint8Array> {
  const bytes = await readIfThere(path)
  if (bytes === undefined) throw new VmcloneError('JOURNAL_UNUSABLE', `${path} is missing`)
  return bytes
}
