import { asVmcloneError, VmcloneError } from '../errors/index.ts'
import type { Guest } from '../guest/guest.ts'
import type { KeyRing } from '../guest/storage/keys.ts'
import type { Mismatch } from '../guest/verify.ts'
import type { FixedIdentity } from '../identity/fixed.ts'
import { readVmx } from '../machine/read.ts'
import type { MachineSurvey } from '../machine/survey.ts'
import { refuseUnlessEditable } from '../machine/vmx/state.ts'
import type { Change, FileChange } from '../transaction/change.ts'
import { closing } from './closing.ts'
import { startGuest } from './open-guest.ts'
import type { Run } from './run.ts'
import { type OpenedDisks, openForReading } from './workspace.ts'

/** What is to be applied to which clone. */
export interface Application {
  readonly machine: MachineSurvey
  /** Opened for writing, over `disks`; it is closed here. */
  readonly guest: Guest
  readonly disks: OpenedDisks
  /** Of encrypted volumes. */
  readonly keys: KeyRing
  readonly changes: readonly Change[]
  /** For the record. */
  readonly fixed: FixedIdentity
}

/**
 * Writes the guest's changes into the overlays, reads them back, and commits them together with the VM's own files.
 * Throws VERIFY_MISMATCH and what guest and transaction throw; the VM is then as it was.
 */
export async function applyPlan(
  run: Run,
  { machine, guest, disks, keys, changes, fixed }: Application,
): Promise<void> {
  const { transaction } = disks
  if (transaction === undefined) throw new TypeError('the disks were opened for reading')
  run.stage('write')
  await guest.write(changes)
  run.stage('verify')
  refuseMismatch(await guest.verify(changes))
  await guest.close()
  run.stage('commit')
  await refuseUnlessStillEditable(run, machine)
  await transaction.seal(
    changes.filter((change): change is FileChange => change.at !== 'guest'),
    machine.vmxPath,
    fixed,
  )
  await transaction.commit()
  if (run.options.verify) await verifyAgain(run, machine, keys, changes)
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
  } catch (thrown) {
    run.note({
      code: 'not-verified',
      message: `The VM is fixed, but could not be opened once more to verify it: ${asVmcloneError(thrown).message}.`,
      hint: 'Everything had been read back before the commit.',
    })
  }
  refuseMismatch(mismatches, 'COMMITTED_MISMATCH')
}

/** Throws an error of this code if there is any. */
export function refuseMismatch(
  mismatches: readonly Mismatch[],
  code: 'VERIFY_MISMATCH' | 'COMMITTED_MISMATCH' = 'VERIFY_MISMATCH',
): void {
  if (mismatches.length > 0) throw mismatchError(mismatches, code)
}

/** Says what is not as it was written. There is at least one. */
export function mismatchError(
  [first, ...more]: readonly Mismatch[],
  code: 'VERIFY_MISMATCH' | 'COMMITTED_MISMATCH' = 'VERIFY_MISMATCH',
): VmcloneError {
  const others = more.length === 0 ? '' : `, and ${more.length} more`
  const fact = `${first?.path} is not as it was written: ${first?.found} instead of ${first?.expected}${others}`
  return new VmcloneError(code, fact)
}
