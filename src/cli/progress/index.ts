import type { EventSink, Stage } from '../../events.ts'
import type { Terminal } from '../terminal.ts'
import { askOn } from './ask.ts'

/** Shows how far a run is, on stderr. */
export interface Progress {
  readonly onEvent: EventSink
  /** Shows a question while the answer is awaited. */
  ask<T>(question: string, answer: () => Promise<T>): Promise<T>
  /** Takes down what stands on the screen; `well` is false after a failure. May be called twice. */
  end(well: boolean): Promise<void>
}

/** How progress is to be shown. */
export interface ProgressOptions {
  readonly terminal: Terminal
  readonly quiet: boolean
  readonly verbose: boolean
  /** Those that the run will go through. */
  readonly stages: readonly Stage[]
}

/** Nothing with --quiet; a live list on a terminal; plain lines elsewhere, and with --verbose, whose lines need the room. */
export async function startProgress({
  terminal,
  quiet,
  verbose,
  stages,
}: ProgressOptions): Promise<Progress> {
  if (quiet) return { onEvent: () => {}, ask: askOn(terminal.stderr), end: async () => {} }
  if (terminal.stderr.isTTY && !verbose && terminal.environment.TERM !== 'dumb') {
    const { liveProgress } = await import('./live.ts')
    return liveProgress(stages)
  }
  const { plainProgress } = await import('./plain.ts')
  return plainProgress(terminal.stderr, verbose)
}
