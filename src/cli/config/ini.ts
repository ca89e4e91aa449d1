import { parse } from 'ini'
import { type Position, VmcloneError } from '../../errors/index.ts'
import { nearestName } from '../nearest.ts'

/** One "key = value" of a configuration file. */
export interface ConfigEntry {
  /** Undefined: above the first section. */
  readonly section?: string
  readonly key: string
  readonly value: string
  readonly position: Position
}

/** What may stand in a configuration file. */
export interface ConfigNames {
  readonly keys: readonly string[]
  readonly sections: readonly string[]
}

/**
 * The entries of a configuration file in their order. `ini` reads it; each line is also read plainly, and wherever the two
 * disagree (inline comments, escapes, half quotes) the line is refused. Throws BAD_CONFIG with the line.
 */
export function parseConfig(text: string, file: string, names: ConfigNames): ConfigEntry[] {
  const entries: ConfigEntry[] = []
  let section: string | undefined
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const refuse = refusal({ file, line: index + 1, text: line })
    if (/^\s*([;#]|$)/.test(line)) continue
    if (line.trimStart().startsWith('[')) {
      section = /^\[([^\]]*)\]\s*$/.exec(line)?.[1]?.trim()
      if (section === undefined) throw refuse('is no section: it must be [name], alone, at the line’s begin')
      if (!names.sections.includes(section))
        throw refuse(`names an unknown section "${section}"`, didYouMean(section, names.sections))
      continue
    }
    const [, key, value] = /^\s*([\w-]+(?:\[\])?)\s*(?:=(.*))?$/s.exec(line) ?? []
    if (key === undefined) throw refuse('is neither "key = value" nor a section nor a comment')
    if (!names.keys.includes(key))
      throw refuse(`names an unknown option "${key}"`, didYouMean(key, names.keys))
    const column = value === undefined ? 1 : line.length - value.trimStart().length + 1
    const read = value === undefined ? 'true' : plainValue(value.trim(), refuse)
    entries.push({
      ...(section === undefined ? {} : { section }),
      key,
      value: read,
      position: { file, line: index + 1, column, text: line },
    })
  }
  compare(entries, parse(text.replace(/^\uFEFF/, ''), { bracketedArray: false }))
  return entries
}

type Refuse = (fact: string, hint?: string) => VmcloneError

function refusal(position: Position): Refuse {
  return (fact, hint) =>
    new VmcloneError('BAD_CONFIG', `line ${position.line} of ${position.file} ${fact}`, {
      position,
      ...(hint === undefined ? {} : { hint }),
    })
}

function didYouMean(name: string, names: readonly string[]): string {
  const nearest = nearestName(name.replace('[]', ''), names)
  return nearest === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${nearest}?`
}

function plainValue(value: string, refuse: Refuse): string {
  const quote = value[0]
  if (quote === '"' || quote === "'") {
    const inner = value.slice(1, -1)
    if (value.length < 2 || !value.endsWith(quote) || inner.includes(quote) || inner.includes('\\')) {
      throw refuse(
        'has quotes that do not enclose the value',
        'Put one pair of quotes around the whole value, with no quote or backslash inside.',
      )
    }
    return inner
  }
  if (/[;#\\]/.test(value)) {
    throw refuse(
      'has ";", "#" or a backslash in its value',
      'Put the value in quotes if they belong to it; a comment needs a line of its own.',
    )
  }
  return value
}

function compare(entries: readonly ConfigEntry[], read: { readonly [key: string]: unknown }): void {
  const seen = new Map<string, number>()
  for (const { section, key, value, position } of entries) {
    const scope = section === undefined ? read : (read[section] as Record<string, unknown>)
    const found = [scope[key]].flat()
    const id = `${section ?? ''}\n${key}`
    const nth = seen.get(id) ?? 0
    seen.set(id, nth + 1)
    if (String(found[nth]) !== value) {
      throw refusal(position)(
        'has a value that can be read in two ways',
        'Write the value without quotes, or plainer.',
      )
    }
  }
}
