import type { Command } from '../command.ts'

/** Lists every operation. */
export const operations: Command = {
  name: 'operations',
  summary: 'list every operation: name, on or off by default, heading',
  description: 'Lists every operation, in the order in which they run.',
  options: ['json', 'quiet'],
  examples: [{ line: 'vmclone-fix operations', says: 'what --enable and --disable can name' }],
  async run({ values, terminal }) {
    const { OPERATIONS } = await import('../../operations/index.ts')
    if (values.json?.value) {
      const { print } = await import('../render/document.ts')
      const list = OPERATIONS.map(({ name, group, heading, description, notes, default: usual }) => ({
        name,
        group,
        heading,
        default: usual,
        description,
        notes,
      }))
      terminal.stdout.write(print({ version: 1, operations: list }))
    } else {
      const { renderOperations } = await import('../render/operations.ts')
      const { lookOf } = await import('../render/paint.ts')
      terminal.stdout.write(renderOperations(OPERATIONS, lookOf(terminal.stdout, terminal.environment)))
    }
    return 0
  },
}
