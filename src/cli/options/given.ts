import { PARSERS, type Parsed } from './parse.ts'
import { bad } from './parsers.ts'
import { faultOf, type Source } from './source.ts'
import { OPTIONS, type OptionName, optionOf } from './table.ts'

/** One value as it was given, not yet read. */
export interface Given {
  readonly name: OptionName
  readonly text: string
  readonly source: Source
}

/** A value that counts, and where it came from. */
export interface Value<T> {
  readonly value: T
  readonly source: Source
}

/** All that was given, read; what was not given is absent. Lists are joined. */
export type Values = { readonly [N in OptionName]?: Value<Parsed<N>> }

/** A value given nearer to the user puts aside what contradicts it from farther away. */
const RIVALS: readonly (readonly [OptionName, readonly OptionName[]])[] = [
  ['dhcp', ['ip', 'prefix', 'netmask', 'gateway']],
  ['prefix', ['netmask']],
  ['quiet', ['verbose']],
]

/** Reads what counts: for each option the nearest source. Throws VmcloneError that names the source. */
export function readGiven(given: readonly Given[]): Values {
  const values: Partial<Record<OptionName, Value<unknown>>> = {}
  for (const name of Object.keys(OPTIONS) as OptionName[]) {
    const nearest = nearestOf(given.filter((one) => one.name === name))
    const first = nearest[0]
    if (first !== undefined) values[name] = { value: readValue(name, nearest), source: first.source }
  }
  return withoutRivals(values as Values)
}

function nearestOf(given: readonly Given[]): readonly Given[] {
  const rank = Math.min(...given.map(({ source }) => source.rank))
  return given.filter(({ source }) => source.rank === rank)
}

function readValue(name: OptionName, given: readonly Given[]): unknown {
  const option = optionOf(name)
  const parts = given.map(({ text, source }) => {
    try {
      return PARSERS[name](text)
    } catch (fault) {
      throw faultOf(source, fault)
    }
  })
  if (option.repeat) return parts.flat()
  const other = given.find(({ text }) => text !== given[0]?.text)
  if (other !== undefined) {
    throw faultOf(
      other.source,
      bad(`given twice, as "${given[0]?.text}" and "${other.text}"`, 'Give it once.'),
    )
  }
  return parts[0]
}

/** Without what a value given nearer to the user puts aside. */
export function withoutRivals(all: Values): Values {
  const values: Partial<Record<OptionName, Value<unknown>>> = { ...all }
  for (const [name, rivals] of RIVALS) {
    const one = values[name]
    if (one === undefined) continue
    for (const rival of rivals) {
      const other = values[rival]
      if (other === undefined) continue
      if (one.value !== false && one.source.rank < other.source.rank) delete values[rival]
      if (other.value !== false && other.source.rank < one.source.rank) delete values[name]
    }
  }
  return values as Values
}
