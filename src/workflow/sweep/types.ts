/** What kind of thing told the old machine from others. */
export type OldKind = 'ipv4' | 'ipv6' | 'mac' | 'hostname' | 'machine-id' | 'uuid' | 'storage-id'

/** A line of the guest that still names the old machine once the plan is carried out. */
export interface Leftover {
  /** Absolute path in the guest. */
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly what: OldKind
  /** What the machine had, as its identity card has it. */
  readonly value: string
  /** The line, trimmed, ready to be looked at; absent where it may hold a secret. */
  readonly text?: string
}

/** Why a file was not searched line by line. `many`: more files hold an old value than are read. */
export type SkipReason = 'absent' | 'binary' | 'large' | 'unreadable' | 'many'

/** A file or directory that was skipped; a binary file if it holds an old value. */
export interface Skipped {
  readonly path: string
  readonly why: SkipReason
}

/** What the guest's files still say of the old machine once the plan is carried out. Nothing in it was changed or will be. */
export interface Sweep {
  /** By path and line; no more than a hundred for each value. */
  readonly leftovers: readonly Leftover[]
  /** How many lines are not in the list. */
  readonly more: number
  readonly skipped: readonly Skipped[]
}
