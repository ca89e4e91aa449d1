import { ADDRESS_OPTIONS } from './address.ts'
import { BATCH_OPTIONS } from './batch.ts'
import { IDENTITY_OPTIONS } from './identity.ts'
import type { Option } from './option.ts'
import { RUN_OPTIONS } from './run.ts'

/** Every option there is, under its name, in the order of --help. */
export const OPTIONS = {
  ...ADDRESS_OPTIONS,
  ...IDENTITY_OPTIONS,
  ...RUN_OPTIONS,
  ...BATCH_OPTIONS,
} as const satisfies Record<string, Option>

export type OptionName = keyof typeof OPTIONS

/** The table's entry in its plain type. */
export function optionOf(name: OptionName): Option {
  return OPTIONS[name]
}

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name)
}
