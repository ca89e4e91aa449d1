import { VmcloneError } from '../../../errors/index.ts'
import { type IniDocument, iniSections, SYSTEMD } from '../../../formats/ini-document.ts'
import { addSection, type IniPair, removeSection, replaceEntries } from '../../../formats/ini-edit.ts'
import { filesOf, type NetworkdFile, type Unit } from './files.ts'
import { type Located, located } from './read.ts'

/** A .network or .netdev file with its drop-ins while they are edited. */
export class Draft {
  readonly #documents = new Map<string, IniDocument>()
  readonly #unit: Unit

  constructor(unit: Unit) {
    this.#unit = unit
    for (const { path, document } of filesOf(unit)) this.#documents.set(path, document)
  }

  /** The files as they stand now. */
  get unit(): Unit {
    const now = (file: NetworkdFile): NetworkdFile => ({
      ...file,
      document: this.#documents.get(file.path) ?? file.document,
    })
    return { ...this.#unit, main: now(this.#unit.main), dropIns: this.#unit.dropIns.map(now) }
  }

  /** Gives an entry another value, or takes it out; a [section] of its own (Address, Route) goes with it. */
  replace({ file, entry }: Located, value: string | undefined): void {
    const whole = value === undefined && (entry.section === 'Address' || entry.section === 'Route')
    const pairs: IniPair[] = value === undefined ? [] : [[entry.key, value]]
    this.#edit(file, (document) =>
      whole
        ? removeSection(document, entry.ordinal)
        : replaceEntries(document, ({ line }) => line === entry.line, pairs, 0),
    )
  }

  /** Takes out one entry and leaves its section. */
  removeEntry({ file, entry }: Located): void {
    this.#edit(file, (document) => replaceEntries(document, ({ line }) => line === entry.line, [], 0))
  }

  /** Adds a line to the first section of this name in the main file, behind the last of `after`. */
  add(section: string, pair: IniPair, after: readonly string[]): void {
    this.#edit(this.#unit.main.path, (document) => {
      const home = iniSections(document).find(({ name }) => name === section)
      return home
        ? replaceEntries(document, () => false, [pair], home.ordinal, after)
        : addSection(document, section, [pair])
    })
  }

  /** Gives a key that takes one value its value: the last line counts. */
  set(section: string, key: string, value: string, after: readonly string[] = []): void {
    const last = located(this.unit).findLast(({ entry }) => entry.section === section && entry.key === key)
    if (last) this.replace(last, value)
    else this.add(section, [key, value], after)
  }

  /** Gives a key that may repeat these values, in the lines that have it; further ones follow. */
  setList(section: string, key: string, values: readonly string[], after: readonly string[]): void {
    const ours = ({ entry }: Located) => entry.section === section && entry.key === key
    const old = located(this.unit).filter(ours)
    const [first] = old
    if (!first) {
      for (const value of values) this.add(section, [key, value], [...after, key])
      return
    }
    for (const file of new Set(old.map((one) => one.file)))
      this.#edit(file, (document) =>
        replaceEntries(
          document,
          (entry) => entry.section === section && entry.key === key,
          file === first.file ? values.map((value): IniPair => [key, value]) : [],
          0,
        ),
      )
  }

  #edit(path: string, edit: (document: IniDocument) => IniDocument): void {
    const file = filesOf(this.#unit).find((one) => one.path === path)
    if (file?.vendor)
      throw new VmcloneError(
        'NETWORK_UNSUPPORTED',
        `${path} holds what is to be changed, and belongs to a package`,
        {
          hint: 'Move it into /etc/systemd/network in the template.',
        },
      )
    this.#documents.set(path, edit(this.#documents.get(path) ?? { syntax: SYSTEMD, lines: [] }))
  }
}
