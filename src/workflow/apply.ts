import { join } from 'node:path'
import { asVmcloneError, VmcloneError } from '../errors/index.ts'
import type { ApplianceGuest } from '../guest/appliance-guest.ts'
import type { Script } from '../guest/script/script.ts'
import type { KeyRing } from '../guest/storage/keys.ts'
import type { Mismatch } from '../guest/verify.ts'
import type { FixedIdentity } from '../identity/fixed.ts'
import { readDiskUuid } from '../machine/disk/mend.ts'
import { readVmx } from '../machine/read.ts'
import type { MachineSurvey } from '../machine/survey.ts'
import { refuseUnlessEditable } from '../machine/vmx/state.ts'
import { type Change, idsAt } from '../transaction/change.ts'
import { closing } from './closing.ts'
import { startGuest } from './open-guest.ts'
import type { Run } from './run.ts'
import { type OpenedDisks, openForReading } from './workspace.ts'

/** What is to be applied to which clone. */
export interface Application {
  readonly machine: MachineSurvey
  /** Opened for writing, over `disks`; it is closed here. */
  readonly guest: ApplianceGuest
  readonly disks: OpenedDisks
  /** Of encrypted volumes. */
  readonly keys: KeyRing
  readonly changes: readonly Change[]
  /** That run over the guest when its changes are written. */
  readonly scripts: readonly Script[]
  /** For the record. */
  readonly fixed: FixedIdentity
}

/**
 * Writes the guest's changes into the overlays, runs scripts over them, reads the changes back, and commits them together with the VM's own files.
 * Throws VERIFY_MISMATCH, SCRIPT_FAILED and what guest and transaction throw; the VM is then as it was.
 */
export async function applyPlan(
  run: Run,
  { machine, guest, disks, keys, changes, scripts, fixed }: Application,
): Promise<void> {
  const { transaction } = disks
  if (transaction === undefined) throw new TypeError('the disks were opened for reading')
  run.stage('write')
  await guest.write(changes)
  if (scripts.length > 0) run.stage('script')
  await runScripts(run, guest, scripts)
  run.stage('verify')
  refuseMismatch(await guest.verify(changes), { scripts })
  await guest.close()
  run.stage('commit')
  await refuseUnlessStillEditable(run, machine)
  await transaction.seal(changes, machine.vmxPath, fixed)
  const left = await transaction.commit()
  if (left !== undefined)
    run.note({
      code: 'workspace-left',
      message: `The VM is fixed; what the run worked with could not be taken away: ${left}.`,
      hint: 'The next run on this VM does it first.',
    })
  if (run.options.verify) await verifyAgain(run, machine, keys, changes)
}

/** Runs scripts in their order. Throws SCRIPT_FAILED, and INTERRUPTED between them. */
export async function runScripts(
  run: Pick<Run, 'throwIfAborted'>,
  guest: ApplianceGuest,
  scripts: readonly Script[],
): Promise<void> {
  for (const script of scripts) {
    run.throwIfAborted()
    await guest.run(script)
  }
}

/** Somebody may have powered the VM on while the appliance ran. */
async function refuseUnlessStillEditable({ options }: Run, machine: MachineSurvey): Promise<void> {
  await refuseUnlessEditable(await readVmx(machine.vmxPath), machine.directory, {
    force: options.force ?? false,
    files: machine.disks.flatMap(({ chain }) => chain.leaf.files),
  })
}

/**
 * Opens the committed disks afresh and compares everything once more. What prevents it is a notice, for the VM is fixed by now.
 * Throws COMMITTED_MISMATCH.
 */
async function verifyAgain(
  run: Run,
  machine: MachineSurvey,
  keys: KeyRing,
  changes: readonly Change[],
): Promise<void> {
  let mismatches: readonly Mismatch[] = []
  try {
    run.stage('verify')
    mismatches = await closing(await openForReading(machine), async (disks) =>
      closing(await startGuest(run, disks, keys), (guest) => guest.verify(changes)),
    )
    mismatches = [...mismatches, ...(await wrongDiskUuids(machine, changes))]
  } catch (thrown) {
    run.note({
      code: 'not-verified',
      message: `The VM is fixed, but could not be opened once more to verify it: ${asVmcloneError(thrown).message}.`,
      hint: 'Everything had been read back before the commit.',
    })
  }
  refuseMismatch(mismatches, { code: 'COMMITTED_MISMATCH' })
}

async function wrongDiskUuids({ directory }: MachineSurvey, changes: readonly Change[]): Promise<Mismatch[]> {
  const found = idsAt('descriptor', changes).map(async ({ path, after }) => {
    const uuid = await readDiskUuid(join(directory, path))
    return uuid === after ? [] : [{ path, expected: `ddb.uuid ${after}`, found: uuid ?? 'none' }]
  })
  return (await Promise.all(found)).flat()
}

/** How a mismatch is told. */
interface Telling {
  readonly code?: 'VERIFY_MISMATCH' | 'COMMITTED_MISMATCH'
  /** That ran since the changes were written. */
  readonly scripts?: readonly Script[]
}

/** Throws the error for a mismatch if there is any. */
export function refuseMismatch(mismatches: readonly Mismatch[], telling: Telling = {}): void {
  if (mismatches.length > 0) throw mismatchError(mismatches, telling)
}

/** Says what is not as it was written. There is at least one. */
export function mismatchError(
  [first, ...more]: readonly Mismatch[],
  { code = 'VERIFY_MISMATCH', scripts = [] }: Telling = {},
): VmcloneError {
  const others = more.length === 0 ? '' : `, and ${more.length} more`
  const fact = `${first?.path} is not as it was written: ${first?.found} instead of ${first?.expected}${others}`
  const hint =
    'A --with script changed it: let it leave alone what is changed already, or --disable that operation.'
  return new VmcloneError(code, fact, scripts.length === 0 ? {} : { hint })
}
