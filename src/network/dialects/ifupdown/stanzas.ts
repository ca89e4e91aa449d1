import { VmcloneError } from '../../../errors/index.ts'
import type { InterfacesDocument, InterfacesOption, Stanza } from '../../../formats/interfaces.ts'

/** One file of the configuration, links resolved. */
export interface InterfacesFile {
  readonly path: string
  readonly document: InterfacesDocument
  /** Its iface stanzas, but those that inherit. */
  readonly ifaces: readonly IfaceStanza[]
}

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
  /** True where the header names neither: ifupdown-ng tells them by the options. */
  readonly bare?: true
}

/** All iface stanzas, in the order in which ifupdown reads them, but those that inherit. */
export function ifaceStanzas(files: readonly InterfacesFile[]): IfaceStanza[] {
  return files.flatMap(({ ifaces }) => ifaces)
}

/** A file with this content. */
export function interfacesFile(path: string, document: InterfacesDocument): InterfacesFile {
  const ifaces = document.stanzas.flatMap((stanza, ordinal) => readIface(path, stanza, ordinal) ?? [])
  return { path, document, ifaces }
}

function readIface(file: string, stanza: Stanza, ordinal: number): IfaceStanza | undefined {
  const { keyword, line, options } = stanza
  const [name, family, method] = stanza.words
  if (keyword !== 'iface' || name === undefined) return undefined
  if (family === undefined) return { file, ordinal, line, name, ...shownBy(options), options, bare: true }
  if (method === undefined || family === 'inherits' || method === 'inherits') return undefined
  return { file, ordinal, line, name, family, method, options }
}

/** What ifupdown-ng makes of a stanza by its options. */
function shownBy(options: readonly InterfacesOption[]): { family: string; method: string } {
  const address = options.find(({ name }) => name === 'address')?.value
  if (options.some(({ name, value }) => name === 'use' && value === 'dhcp'))
    return { family: 'inet', method: 'dhcp' }
  return {
    family: address?.includes(':') ? 'inet6' : 'inet',
    method: address === undefined ? 'manual' : 'static',
  }
}

/** Value of the first line with this option. */
export function optionValue(stanza: IfaceStanza, name: string): string | undefined {
  return stanza.options.find((option) => option.name === name)?.value
}

/** Words of all lines with this option. */
export function wordsOf(stanza: IfaceStanza, name: string): string[] {
  return stanza.options
    .filter((option) => option.name === name)
    .flatMap(({ value }) => value.split(/[\t-\r ]+/))
}

/**
 * Throws NETWORK_UNSUPPORTED for what makes it unsure which stanza is in force for an interface: `inherits`,
 * `mapping`, `rename`, `auto x=y`, and an iface line without family and method. `ng`: ifupdown-ng reads the files, which
 * takes the last, and several addresses in one stanza, of which it is not known which is the one to change.
 */
export function refuseIndirection(files: readonly InterfacesFile[], name: string, ng: boolean): void {
  for (const file of files) {
    for (const stanza of file.document.stanzas) {
      const why = indirection(stanza, name, ng)
      if (why === undefined) continue
      throw new VmcloneError('NETWORK_UNSUPPORTED', `${file.path}:${stanza.line}: ${why}`, {
        hint: `Write plain "iface ${name} inet static" or "iface ${name} inet dhcp" in the template, or give no --ip.`,
        position: { file: file.path, line: stanza.line },
      })
    }
  }
}

function indirection(stanza: Stanza, name: string, ng: boolean): string | undefined {
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
  if (ng && stanza.options.filter((option) => option.name === 'address').length > 1)
    return `"iface ${name}" has several addresses in one stanza`
  if (words.length < 3 && !(ng && words.length === 1))
    return `"iface ${name}" names no address family and method`
  return undefined
}
