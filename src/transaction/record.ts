import { realpath, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode, readIfThere, syncPath, writeAtomic } from './atomic.ts'
import { makeWorkspace, RECORD, type Workspace, workspaceOf } from './workspace.ts'

/** What was given to a VM: by it a VM that was fixed here is told from a copy of it at another place. */
interface VmRecord {
  readonly version: 1
  /** The .vmx with links resolved, when it was fixed. */
  readonly vmx: string
  /** The caller's own plain JSON data. */
  readonly fixed: unknown
}

/**
 * The data that the last fix of this VM put on record; undefined if it was never fixed, or not at this place (a copied or
 * moved VM is a new clone), or if the record cannot be read. The data come from a file: check their shape.
 */
export async function readRecord(directory: string, vmxPath: string): Promise<unknown> {
  const bytes = await readIfThere(workspaceOf(directory).record)
  if (bytes === undefined) return undefined
  try {
    const record = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<VmRecord> | null
    return record?.version === 1 && record.vmx === (await realpath(vmxPath)) ? record.fixed : undefined
  } catch {
    return undefined
  }
}

/** Keeps the record in `work` until the new VM is in place. */
export async function stageRecord({ work }: Workspace, vmxPath: string, fixed: unknown): Promise<void> {
  const text = textOf({ version: 1, vmx: await realpath(vmxPath), fixed })
  await writeAtomic(join(work, RECORD), Buffer.from(text), { mode: 0o600 })
}

/** Puts the record of a VM that was made outside of a transaction into its directory. `vmx`: where its .vmx will lie in the end. */
export async function writeRecord(directory: string, vmx: string, fixed: unknown): Promise<void> {
  const workspace = workspaceOf(directory)
  await makeWorkspace(workspace)
  await writeFile(workspace.record, textOf({ version: 1, vmx, fixed }), { mode: 0o600 })
}

function textOf(record: VmRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`
}

/** Puts the staged record in place; needs no space, and may be repeated. */
export async function installRecord({ work, root, record }: Workspace): Promise<void> {
  await rename(join(work, RECORD), record).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error
  })
  await syncPath(root)
}
