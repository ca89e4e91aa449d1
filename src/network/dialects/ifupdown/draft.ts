import { fromByteText } from '../../../formats/bytes.ts'
import { type InterfacesDocument, printInterfaces, stanzasOf } from '../../../formats/interfaces.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { WriteChange } from '../../../transaction/change.ts'
import type { InterfacesFile } from './sources.ts'
import { type IfaceStanza, ifaceStanzas, readIface } from './stanzas.ts'

type Edit = (document: InterfacesDocument, ordinal: number) => InterfacesDocument

/** The configuration's files while they are edited. */
export class Draft {
  readonly #documents = new Map<string, InterfacesDocument>()

  constructor(files: readonly InterfacesFile[]) {
    for (const { path, document } of files) this.#documents.set(path, document)
  }

  /** Stanzas as they stand now. */
  stanzas(): IfaceStanza[] {
    return ifaceStanzas([...this.#documents].map(([path, document]) => ({ path, document })))
  }

  /** Edits the stanza in its file; returns it as it is then. */
  edit(stanza: IfaceStanza, edit: Edit): IfaceStanza {
    const { file, ordinal } = stanza
    const document = this.#documents.get(file)
    if (!document) throw new RangeError(`no file ${file}`)
    const edited = edit(document, ordinal)
    this.#documents.set(file, edited)
    const next = stanzasOf(edited)[ordinal]
    return (next && readIface(file, next, ordinal)) ?? stanza
  }

  /** One change for each file whose bytes differ. */
  changes(tree: GuestTree, operation: string, summary: string): WriteChange[] {
    return [...this.#documents].flatMap(([path, document]) => {
      const text = printInterfaces(document)
      const before = tree.file(path)?.content
      if (text === tree.text(path) || !before) return []
      return [{ at: 'guest', kind: 'write', path, operation, summary, before, after: fromByteText(text) }]
    })
  }
}
