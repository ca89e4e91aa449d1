import type { Given } from '../options/given.ts'
import { bad } from '../options/parsers.ts'
import { faultOf, type Source } from '../options/source.ts'
import { isOptionName, OPTIONS, optionOf } from '../options/table.ts'
import type { ConfigFile } from './find.ts'
import { type ConfigEntry, parseConfig } from './ini.ts'

/** Whose entries count, and which sections there may be. */
export interface ConfigScope {
  readonly command: string
  readonly sections: readonly string[]
}

/** Values from configuration files. In one file the command's section goes before what stands above all sections. */
export function givenByConfig(files: readonly ConfigFile[], { command, sections }: ConfigScope): Given[] {
  return files.flatMap((file, index) =>
    parseConfig(file.text, file.path, { keys: Object.keys(OPTIONS), sections }).flatMap((entry) => {
      const source = sourceOf(entry, file, 2 + index * 2)
      const given = read(entry, source, file)
      return entry.section === undefined || entry.section === command ? [given] : []
    }),
  )
}

function sourceOf({ section, key, position }: ConfigEntry, { path }: ConfigFile, rank: number): Source {
  return {
    rank: section === undefined ? rank + 1 : rank,
    label: `${path}:${position.line}: ${key}`,
    position,
  }
}

function read({ key, value }: ConfigEntry, source: Source, { byVm }: ConfigFile): Given {
  if (!isOptionName(key)) throw faultOf(source, bad('unknown option'))
  if (key === 'config')
    throw faultOf(source, bad('a configuration file cannot name another', 'Remove this line.'))
  if (byVm && !optionOf(key).byVm) {
    throw faultOf(
      source,
      bad(
        'a file in the VM’s own directory may not set this, because it comes with the VM',
        'Give it on the command line, in the environment or in your own configuration file, or name this file with --config.',
      ),
    )
  }
  return { name: key, text: value, source }
}
