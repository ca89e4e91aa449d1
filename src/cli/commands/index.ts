import type { Command } from '../command.ts'
import { doctor } from './doctor.ts'
import { fix } from './fix.ts'
import { operations } from './operations.ts'
import { tree } from './tree.ts'

/** Every command, in the order of --help. */
export const COMMANDS: readonly Command[] = [fix, tree, doctor, operations]

/** Runs where no command is named. */
export const MAIN: Command = fix
