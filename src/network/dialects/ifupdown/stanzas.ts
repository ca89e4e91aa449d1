import { VmcloneError } from '../../../errors/index.ts'
import { type InterfacesOption, type Stanza, stanzasOf } from '../../../formats/interfaces.ts'
import type { InterfacesFile } from './sources.ts'

/** One `iface NAME FAMILY METHOD` stanza and where it stands. */
export interface IfaceStanza {
  /** The file's path. */
  readonly file: string
  /** Ordinal among all stanzas of the file. */
  readonly ordinal: number
  readonly line: number
  readonly name: string
  /** "inet", "inet6" */
  readonly family: string
  /** "static", "dhcp", "manual", "auto", … */
  readonly method: string
  readonly options: readonly InterfacesOption[]
}

/** All iface stanzas that name a family and a method, in the order in which ifupdown reads them. */
export function ifaceStanzas(files: readonly InterfacesFile[]): IfaceStanza[] {
  return files.flatMap((file) =>
    stanzasOf(file.document).flatMap((stanza, ordinal) => {
      const [name, family, method] = stanza.words
      if (stanza.keyword !== 'iface' || name === undefined || family === undefined || method === undefined)
        return []
      if (family === 'inherits' || method === 'inherits') return []
      return [{ file: file.path, ordinal, line: stanza.line, name, family, method, options: stanza.options }]
    }),
  )
}

/** Values of an option, one for each line that has it. */
export function optionValues(stanza: IfaceStanza, name: string): string[] {
  return stanza.options.filter((option) => option.name === name).map((option) => option.value)
}

/** Value of the first line with this option. */
export function optionValue(stanza: IfaceStanza, name: string): string | undefined {
  return optionValues(stanza, name)[0]
}

/** Words of all lines with this option. */
export function wordsOf(stanza: IfaceStanza, name: string): string[] {
  return optionValues(stanza, name).flatMap((value) => value.split(/[\t-\r ]+/))
}

/**
 * Throws NETWORK_UNSUPPORTED for what makes it unsure which stanza is in force for an interface: `inherits`,
 * `mapping`, `rename`, `auto x=y`, and an iface line without family and method.
 */
export function refuseIndirection(files: readonly InterfacesFile[], name: string): void {
  for (const file of files) {
    for (const stanza of stanzasOf(file.document)) {
      const why = indirection(stanza, name)
      if (why === undefined) continue
      throw new VmcloneError('NETWORK_UNSUPPORTED', `${file.path}:${stanza.line}: ${why}`, {
        hint: `Write plain "iface ${name} inet static" or "iface ${name} inet dhcp" in the template, or give no --ip.`,
        position: { file: file.path, line: stanza.line },
      })
    }
  }
}

function indirection(stanza: Stanza, name: string): string | undefined {
  const { keyword, words } = stanza
  if (keyword === 'mapping')
    return `"mapping ${words.join(' ')}" chooses the configuration while the guest boots`
  if (keyword === 'rename') return '"rename" gives interfaces other names while the guest boots'
  if (keyword === 'auto' || keyword.startsWith('allow-')) {
    const indirect = words.find((word) => word.includes('=') || word.startsWith('/'))
    return indirect && `"${keyword} ${indirect}" names a configuration indirectly`
  }
  if (keyword !== 'iface' || words[0] !== name) return undefined
  if (words.includes('inherits')) return `"iface ${name}" inherits another stanza`
  if (stanza.options.some((option) => option.name === 'inherits'))
    return `"iface ${name}" inherits another stanza`
  if (words.length < 3) return `"iface ${name}" names no address family and method`
  return undefined
}
