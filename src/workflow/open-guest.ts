import { type Guest, openGuest } from '../guest/guest.ts'
import type { KeyRing } from '../guest/storage/keys.ts'
import type { Run } from './run.ts'
import type { OpenedDisks } from './workspace.ts'

/** Starts an appliance over a VM's disks; what it says goes to the run. */
export function startGuest(run: Run, disks: OpenedDisks, keys: KeyRing): Promise<Guest> {
  const { environment = {}, cacheDirectory, root, timeoutSeconds, signal } = run.options
  return openGuest({
    drives: disks.drives,
    env: environment,
    keys,
    ...(cacheDirectory === undefined ? {} : { cacheDirectory }),
    ...(root === undefined ? {} : { root }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(signal === undefined ? {} : { signal }),
    onTrace: (text) => run.trace(text),
    onNotice: (notice) => run.note(notice),
  })
}
