import { fromByteText } from '../../../formats/bytes.ts'
import { type InterfacesDocument, printInterfaces } from '../../../formats/interfaces.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { WriteChange } from '../../../transaction/change.ts'
import { type IfaceStanza, type InterfacesFile, ifaceStanzas, interfacesFile } from './stanzas.ts'

type Edit = (document: InterfacesDocument, ordinal: number) => InterfacesDocument

/** The configuration's files while they are edited. */
export class Draft {
  readonly #files: InterfacesFile[]

  constructor(files: readonly InterfacesFile[]) {
    this.#files = [...files]
  }

  /** Stanzas as they stand now. */
  stanzas(): IfaceStanza[] {
    return ifaceStanzas(this.#files)
  }

  /** Edits the stanza in its file; returns it as it is then. */
  edit(stanza: IfaceStanza, edit: Edit): IfaceStanza {
    const at = this.#files.findIndex(({ path }) => path === stanza.file)
    const old = this.#files[at]
    if (!old) throw new RangeError(`no file ${stanza.file}`)
    const document = edit(old.document, stanza.ordinal)
    const file = document === old.document ? old : interfacesFile(old.path, document)
    this.#files[at] = file
    return file.ifaces.find(({ ordinal }) => ordinal === stanza.ordinal) ?? stanza
  }

  /** One change for each file whose bytes differ. */
  changes(tree: GuestTree, operation: string, summary: string): WriteChange[] {
    return this.#files.flatMap(({ path, document }) => {
      const text = printInterfaces(document)
      const before = tree.file(path)?.content
      if (text === tree.text(path) || !before) return []
      return [{ at: 'guest', kind: 'write', path, operation, summary, before, after: fromByteText(text) }]
    })
  }
}
