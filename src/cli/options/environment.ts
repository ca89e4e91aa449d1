import type { Given } from './given.ts'
import { variableOf } from './option.ts'
import { OPTIONS, type OptionName, optionOf } from './table.ts'

/** The environment, or any record like it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Values from VMCLONE_FIX_*. An empty variable counts as not set; options that repeat take one value a line. */
export function givenByEnvironment(environment: Environment): Given[] {
  return (Object.keys(OPTIONS) as OptionName[]).flatMap((name) => {
    const label = variableOf(name)
    const text = environment[label]
    if (text === undefined || text === '') return []
    const texts = optionOf(name).repeat ? text.split('\n').filter((line) => line.trim() !== '') : [text]
    return texts.map((one) => ({ name, text: one, source: { rank: 1, label } }))
  })
}

/** Variables that look like options and are none. */
export function strangeVariables(environment: Environment): string[] {
  const known = new Set(Object.keys(OPTIONS).map(variableOf))
  return Object.keys(environment).filter((name) => name.startsWith('VMCLONE_FIX_') && !known.has(name))
}
