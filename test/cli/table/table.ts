import { type Given, readGiven } from '../../../src/cli/options/given.ts'
import type { OptionName } from '../../../src/cli/options/table.ts'
import { readTable, type Table } from '../../../src/cli/table/read.ts'

/** A table read with these options of the command line behind its cells. */
export function table(text: string | Uint8Array, options: Partial<Record<OptionName, string>> = {}): Table {
  const given = Object.entries(options).map(
    ([name, value]): Given => ({
      name: name as OptionName,
      text: value,
      source: { rank: 0, label: `--${name}` },
    }),
  )
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  return readTable(bytes, 'nodes.csv', {
    defaults: readGiven(given),
    operations: ['machine-id'],
    hostsFrom: [],
    directory: 'conf',
  })
}

/** The same of which every row is good. */
export function rows(text: string | Uint8Array, options: Partial<Record<OptionName, string>> = {}) {
  const { rows, faults } = table(text, options)
  if (faults.length > 0) throw new Error(JSON.stringify(faults))
  return rows
}
