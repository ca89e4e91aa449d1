import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { VmcloneError } from '../../errors/index.ts'
import type { Notice } from '../../notices.ts'
import { isInside } from '../../transaction/inside.ts'
import { peek } from '../../transaction/recover.ts'
import { anyBasename, regularFile } from '../disk/locate.ts'
import { locateVmx, readMachine } from '../read.ts'
import type { MachineSurvey } from '../survey.ts'
import { VmxDocument } from '../vmx/document.ts'
import { currentSnapshot, type Snapshot } from './snapshot.ts'
import { disksOfSnapshot } from './snapshot-disks.ts'

/** How the disks of a clone come about. */
export type CloneKind = 'linked' | 'full' | 'reflink'

/**
 * A VM that clones are made from; it is only read. `disks` are the ones to clone from: the state that the clones get,
 * and that the guest is read from.
 */
export interface Template extends MachineSurvey {
  readonly kind: CloneKind
  /** The snapshot that linked clones stand on; absent: they stand on the current disks. */
  readonly snapshot?: Snapshot
  /** The .nvram if there is one: its file name and bytes, less than a million. */
  readonly nvram?: { readonly name: string; readonly bytes: Uint8Array }
}

/**
 * Reads a VM as a template, and refuses one that runs, is suspended, locked (other than by running clones) or encrypted,
 * or whose disks cannot be read. Full clones and reflinks get the current state, as Workstation makes them; linked clones
 * stand on the snapshot that the current state comes from, if there is one: its disks are written no more, while the
 * current ones change with the next start. Nothing is written, so the directory may be read-only. Throws VMX_*, VM_*, DISK_*,
 * SNAPSHOT_UNUSABLE, RECOVERY_NEEDED.
 */
export async function readTemplate(
  vmxPath: string,
  kind: CloneKind,
  options: { readonly force?: boolean } = {},
): Promise<{ template: Template; notices: Notice[] }> {
  const path = await locateVmx(vmxPath)
  const read = await readMachine(path, { ...options, use: 'read' })
  const { machine } = read
  await refuseUnfinished(machine)
  // The clones' disks have no change tracking, so there is nothing to say of it.
  const notices = read.notices.filter(({ code }) => code !== 'change-tracking')
  const nvram = await readNvram(machine)
  const template = { ...machine, kind, ...(nvram === undefined ? {} : { nvram }) }
  if (kind !== 'linked') return { template, notices }
  refuseCompressed(machine)
  const snapshot = await readSnapshot(machine)
  if (snapshot === undefined) return { template, notices: [...notices, notFrozen(machine)] }
  const chosen = await disksOfSnapshot(machine, snapshot)
  return {
    template: { ...template, snapshot, disks: chosen.disks },
    notices: [...notices, ...chosen.notices],
  }
}

async function refuseUnfinished({ directory, vmxPath }: MachineSurvey): Promise<void> {
  const recovery = await peek(directory)
  if (recovery === undefined || recovery.outcome === 'discarded') return
  throw new VmcloneError('RECOVERY_NEEDED', `a run of vmclone-fix on ${vmxPath} was interrupted`)
}

function refuseCompressed({ disks }: MachineSurvey): void {
  const compressed = disks.find(({ chain }) => /^streamOptimized$/i.test(chain.leaf.createType))
  if (compressed === undefined) return
  throw new VmcloneError(
    'DISK_TYPE_UNSUPPORTED',
    `${compressed.chain.leaf.descriptorPath} is of type streamOptimized, on which no linked clone can stand`,
    { hint: 'Make full clones, or convert the template’s disk first.' },
  )
}

function notFrozen({ name }: MachineSurvey): Notice {
  return {
    code: 'template-not-frozen',
    message: `${name} has no snapshot: the linked clones stand on its current disks`,
    hint: 'Do not start it any more: that breaks every linked clone. With a snapshot taken first it could be started.',
  }
}

async function readSnapshot({ directory, name }: MachineSurvey): Promise<Snapshot | undefined> {
  const path = await regularFile(join(directory, `${name}.vmsd`))
  return path === undefined
    ? undefined
    : currentSnapshot(VmxDocument.parse(new Uint8Array(await readFile(path)), basename(path)))
}

/** VMware names it after the .vmx where the key is absent. A path of another host means the file beside the .vmx. */
async function readNvram({ vmx, directory, name }: MachineSurvey): Promise<Template['nvram']> {
  const file = anyBasename(vmx.get('nvram') || `${name}.nvram`)
  const path = await regularFile(join(directory, file))
  if (path === undefined || !isInside(path, directory)) return undefined
  return { name: file, bytes: new Uint8Array(await readFile(path)) }
}
