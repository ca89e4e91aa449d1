import type { ApplianceGuest } from '../guest/appliance-guest.ts'
import { openGuest } from '../guest/guest.ts'
import type { LaunchOptions } from '../guest/launch.ts'
import type { KeyRing } from '../guest/storage/keys.ts'
import type { FixOptions } from './options.ts'
import type { Run } from './run.ts'
import type { OpenedDisks } from './workspace.ts'

/** What a run may say of the appliances that it starts. */
type ApplianceOptions = Pick<
  FixOptions,
  'environment' | 'cacheDirectory' | 'root' | 'timeoutSeconds' | 'signal' | 'onEvent'
>

/** Starts an appliance over a VM's disks; what it says goes to the run. */
export function startGuest(run: Run, disks: OpenedDisks, keys: KeyRing): Promise<ApplianceGuest> {
  return openGuest({ drives: disks.drives, ...applianceOptions(run), keys })
}

/** How a run's appliances are started; what they say goes to the run. */
export function applianceOptions(
  run: Run<ApplianceOptions>,
): Omit<LaunchOptions, 'drives'> & { readonly root?: string } {
  const { environment = {}, cacheDirectory, root, timeoutSeconds, signal } = run.options
  return {
    env: environment,
    ...(cacheDirectory === undefined ? {} : { cacheDirectory }),
    ...(root === undefined ? {} : { root }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(signal === undefined ? {} : { signal }),
    onTrace: (text) => run.trace(text),
    onNotice: (notice) => run.note(notice),
  }
}
