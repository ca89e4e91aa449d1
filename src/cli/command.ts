import type { Values } from './options/given.ts'
import type { OptionName } from './options/table.ts'
import type { Terminal } from './terminal.ts'

/** What a command gets to work with. */
export interface Invocation {
  readonly operands: readonly string[]
  readonly values: Values
  readonly terminal: Terminal
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal
}

/** One command of the command line: one file in commands/. What is heavy it imports in `run`. */
export interface Command {
  readonly name: string
  /** One line without a full stop, for the list of commands. */
  readonly summary: string
  /** Paragraphs for its own help, a line each. */
  readonly description: string
  /** The one thing it is given besides options, such as "vm.vmx". */
  readonly operand?: string
  /**
   * What that is; a .vmx unless it is said. From a directory of a guest's files no configuration is taken, and beside a file of
   * the user's own none is sought.
   */
  readonly operandIs?: 'guest' | 'file'
  readonly options: readonly OptionName[]
  readonly examples: readonly { readonly line: string; readonly says: string }[]
  /** Does its work and shows the result; gives the exit status. Throws VmcloneError. */
  run(invocation: Invocation): Promise<number>
}
