import { type IniDocument, iniEntries, parseIni, SYSTEMD } from '../../../formats/ini-document.ts'
import type { GuestRead, GuestTree } from '../../../guest/tree.ts'

export const ETC = '/etc/systemd/network'

/** Highest first; /run is empty while a guest is off. */
const DIRECTORIES = [
  ETC,
  '/usr/local/lib/systemd/network',
  '/usr/lib/systemd/network',
  '/lib/systemd/network',
]

export const NETWORK_READS: readonly GuestRead[] = DIRECTORIES.map((directory) => `${directory}/**`)

/** One file of the configuration; its links are resolved in `path`. */
export interface NetworkdFile {
  readonly path: string
  readonly document: IniDocument
  /** True below /usr, where no file is changed. */
  readonly vendor: boolean
}

/** A .network or .netdev file and the drop-ins that are read behind it. */
export interface Unit {
  /** "10-lan.network" */
  readonly name: string
  readonly main: NetworkdFile
  readonly dropIns: readonly NetworkdFile[]
}

/** The files of one kind in the order of their names; of one name the highest directory's; masked ones are left out. */
export function readUnits(tree: GuestTree, suffix: '.network' | '.netdev'): readonly Unit[] {
  return tree.recall(suffix === '.network' ? readNetworks : readDevices)
}

function readNetworks(tree: GuestTree): Unit[] {
  return unitsOf(tree, '.network')
}

function readDevices(tree: GuestTree): Unit[] {
  return unitsOf(tree, '.netdev')
}

function unitsOf(tree: GuestTree, suffix: string): Unit[] {
  return pick(tree, `*${suffix}`).map((main) => {
    const { name } = main
    return { name, main, dropIns: pick(tree, `${name}.d/*.conf`) }
  })
}

/** Main file and drop-ins. */
export function filesOf({ main, dropIns }: Unit): NetworkdFile[] {
  return [main, ...dropIns]
}

/** The value in force of a key that takes one: the last. */
export function lastValue(unit: Unit, section: string, key: string): string | undefined {
  return allValues(unit, section, key).at(-1)
}

/** Values of a key in all files; an empty one takes back those before it. */
export function allValues(unit: Unit, section: string, key: string): string[] {
  const values: string[] = []
  for (const { document } of filesOf(unit))
    for (const entry of iniEntries(document)) {
      if (entry.section !== section || entry.key !== key) continue
      if (entry.value === '') values.length = 0
      else values.push(entry.value)
    }
  return values
}

/** Words of all values. */
export function wordsOf(unit: Unit, section: string, key: string): string[] {
  return allValues(unit, section, key).flatMap((value) => value.split(/\s+/).filter(Boolean))
}

function pick(tree: GuestTree, pattern: string): (NetworkdFile & { readonly name: string })[] {
  const found = new Map<string, NetworkdFile | undefined>()
  for (const directory of DIRECTORIES)
    for (const { path, kind } of tree.glob(`${directory}/${pattern}`)) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      if (found.has(name) || kind === 'directory') continue
      const node = tree.file(path)
      const text = node && tree.text(path)
      const masked = !node || !text || node.path === '/dev/null'
      const file = masked
        ? undefined
        : { path: node.path, document: parseIni(text, SYSTEMD), vendor: directory !== ETC }
      found.set(name, file)
    }
  return [...found]
    .flatMap(([name, file]) => (file ? [{ name, ...file }] : []))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
