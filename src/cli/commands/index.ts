import type { Command } from '../command.ts'
import { batchCommand } from './batch.ts'
import { doctor } from './doctor.ts'
import { fix } from './fix.ts'
import { operations } from './operations.ts'
import { tree } from './tree.ts'

const batch = batchCommand({
  engine: () => import('../../workflow/batch/batch.ts'),
  output: () => import('../batch-output.ts'),
  progress: () => import('../progress/batch.ts'),
  events: () => import('../events-file.ts'),
})

/** Every command, in the order of --help. */
export const COMMANDS: readonly Command[] = [fix, batch, tree, doctor, operations]

/** Runs where no command is named. */
export const MAIN: Command = fix
