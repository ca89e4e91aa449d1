import { type Output, widthOf } from './terminal.ts'
import { hang } from './wrap.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

// The live list hides it.
const SHOW_CURSOR = '\u001b[?25h'

/** Runs work that the first signal aborts in order; a second one ends the process at once. */
export async function interruptible<T>(
  stderr: Output,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const interrupt = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      if (stderr.isTTY) stderr.write(SHOW_CURSOR)
      process.exit(130)
    }
    const told = `${signal} received; ending in order (once more ends at once)`
    stderr.write(`${hang('vmclone-fix: ', told, widthOf(stderr))}\n`)
    controller.abort()
  }
  for (const name of SIGNALS) process.on(name, interrupt)
  try {
    return await work(controller.signal)
  } finally {
    for (const name of SIGNALS) process.off(name, interrupt)
  }
}
