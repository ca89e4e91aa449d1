import type { Keyboard } from './passphrase.ts'

/** A stream that text is written to. */
export interface Output {
  write(text: string | Uint8Array): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** All that the command line knows of the world around it. */
export interface Terminal {
  readonly stdout: Output
  readonly stderr: Output
  /** Absent if standard input is no terminal. */
  readonly keyboard?: Keyboard
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** Columns to write for: those of a terminal, at least 40; else 100. */
export function widthOf(output: Output): number {
  return output.isTTY && output.columns ? Math.max(40, output.columns) : 100
}

/** NO_COLOR and FORCE_COLOR, else whether it is a terminal that knows colours. */
export function hasColours(output: Output, environment: Terminal['environment']): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment
  if (NO_COLOR) return false
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return output.isTTY === true && TERM !== 'dumb'
}
