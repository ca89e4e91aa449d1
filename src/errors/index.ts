import type { Notice } from '../notices.ts'
import { BATCH_ERRORS } from './batch.ts'
import { DISK_ERRORS } from './disk.ts'
import { GUEST_ERRORS } from './guest.ts'
import { HOST_ERRORS } from './host.ts'
import { MACHINE_ERRORS } from './machine.ts'
import { NETWORK_ERRORS } from './network.ts'
import { REQUEST_ERRORS } from './request.ts'
import { TRANSACTION_ERRORS } from './transaction.ts'
import { TREE_ERRORS } from './tree.ts'

/** What the documentation and the exit status need to know of one error code. */
export interface ErrorEntry {
  /** Exit status of the command line, as CLI.md defines it. */
  readonly exit: 1 | 2 | 3 | 4 | 5 | 6 | 130
  /** What it means, one sentence. */
  readonly meaning: string
  /** What to do, one or two sentences. */
  readonly remedy: string
}

/** Every error this program can end with. docs/errors.md is generated from it. */
export const ERRORS = {
  INTERNAL: {
    exit: 1,
    meaning: 'A fault in vmclone-fix itself.',
    remedy:
      'Please report it with the text that was printed; run again with --verbose to see where it happened.',
  },
  INTERRUPTED: {
    exit: 130,
    meaning: 'The run was interrupted, as by Ctrl-C; the VM is as it was.',
    remedy: 'Run the same command again; a batch with --resume, which keeps the clones that are finished.',
  },
  ...REQUEST_ERRORS,
  ...HOST_ERRORS,
  ...MACHINE_ERRORS,
  ...DISK_ERRORS,
  ...GUEST_ERRORS,
  ...NETWORK_ERRORS,
  ...TRANSACTION_ERRORS,
  ...TREE_ERRORS,
  ...BATCH_ERRORS,
} as const satisfies Record<string, ErrorEntry>

/** The closed union of error codes. */
export type ErrorCode = keyof typeof ERRORS

/** Where in a text a parse error lies; line and column count from 1. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column?: number
  /** The line itself, without its end. */
  readonly text?: string
}

/** One of the faults of a table, which are all reported together. */
export interface Fault {
  /** From 1; where a row goes over several lines, its first. */
  readonly line: number
  /** The table's name of the column; absent where the whole row is meant. */
  readonly column?: string
  /** The fact, without line and column. */
  readonly message: string
  readonly hint?: string
  /** The line itself, without its end. */
  readonly text?: string
}

/** The only error that the library throws on purpose: a code, a fact (message) and a hint that says what to do. */
export class VmcloneError extends Error {
  override readonly name = 'VmcloneError'
  readonly code: ErrorCode
  readonly hint: string
  readonly position?: Position
  /** Where one error stands for several: each of them, by line. */
  readonly faults?: readonly Fault[]
  /** What the run had to say before it ended with this. */
  notices: readonly Notice[] = []

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; position?: Position; faults?: readonly Fault[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint ?? ERRORS[code].remedy
    if (options.position) this.position = options.position
    if (options.faults) this.faults = options.faults
  }

  /** Exit status that the command line ends with. */
  get exit(): number {
    return ERRORS[this.code].exit
  }
}

/** What the system said of a call that failed, without the call and its path: "EACCES: permission denied". */
export function systemReason(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message.replace(/, [a-z]+( '.*)?$/s, '') : String(thrown)
}

/** Turns anything thrown into a VmcloneError; what is unknown becomes INTERNAL with its cause kept. */
export function asVmcloneError(thrown: unknown): VmcloneError {
  if (thrown instanceof VmcloneError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new VmcloneError('INTERNAL', `internal error: ${message}`, { cause: thrown })
}
