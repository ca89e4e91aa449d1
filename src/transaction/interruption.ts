import { setTimeout as sleep } from 'node:timers/promises'
import { VmcloneError } from '../errors/index.ts'

/** How long a signal that has ended a tool may take to reach us, in milliseconds. */
const PATIENCE = 1000

const SIGNALS: readonly unknown[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Throws INTERRUPTED if a tool ended because the run is interrupted. Ctrl-C on a terminal goes to the tool too, which may have
 * died of it before we are told; a tool that was killed alone is not interrupted.
 */
export async function refuseInterrupted(
  { isCanceled, signal: killer }: { readonly isCanceled: boolean; readonly signal?: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  if (signal && !signal.aborted && SIGNALS.includes(killer))
    await sleep(PATIENCE, undefined, { signal }).catch(() => undefined)
  if (isCanceled || signal?.aborted) throw interrupted()
}

export function interrupted(): VmcloneError {
  return new VmcloneError('INTERRUPTED', 'the run was interrupted')
}
