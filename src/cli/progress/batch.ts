import type { Terminal } from '../terminal.ts'
import { askOn } from './ask.ts'
import type { Progress } from './index.ts'

/** How the progress of a batch is to be shown. */
export interface BatchProgressOptions {
  readonly terminal: Terminal
  readonly quiet: boolean
  readonly verbose: boolean
  /** Clones in all. */
  readonly total: number
}

/** Narrower terminals get plain lines, as do those that say nothing of their width. */
const NARROWEST = 20

/** Shows how far a batch is, on stderr, as `startProgress` does for one clone. */
export async function startBatchProgress({
  terminal,
  quiet,
  verbose,
  total,
}: BatchProgressOptions): Promise<Progress> {
  const { stderr, environment } = terminal
  if (quiet) return { onEvent: () => {}, ask: askOn(stderr), end: async () => {} }
  if (stderr.isTTY && (stderr.columns ?? 0) >= NARROWEST && !verbose && environment.TERM !== 'dumb') {
    const { liveBatch } = await import('./batch-live.ts')
    return liveBatch(total)
  }
  const { plainBatch } = await import('./batch-plain.ts')
  return plainBatch(stderr, { total, details: verbose })
}
