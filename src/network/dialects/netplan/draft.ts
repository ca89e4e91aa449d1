import { writeYaml } from '../../../formats/yaml-bytes.ts'
import { insertYaml, removeYaml, renameYaml, setYaml } from '../../../formats/yaml-edit.ts'
import {
  isMapping,
  isSequence,
  printYaml,
  type YamlData,
  type YamlDocument,
  type YamlPath,
  yamlAt,
} from '../../../formats/yaml-spans.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { WriteChange } from '../../../transaction/change.ts'
import { type Definition, definitionsOf, type Item, type Part } from './definitions.ts'
import type { NetplanFile } from './files.ts'
import { keyOf } from './profiles.ts'
import { entryText } from './values.ts'

/** The files while they are edited. A definition that was taken out of it before an edit is as it was then. */
export class Draft {
  readonly #files: NetplanFile[]

  constructor(files: readonly NetplanFile[]) {
    this.#files = [...files]
  }

  definitions(): Definition[] {
    return definitionsOf(this.#files)
  }

  /** The definition as it stands now. Throws RangeError if there is none. */
  find(key: string): Definition {
    const found = this.definitions().find((one) => keyOf(one) === key)
    if (!found) throw new RangeError(`no definition ${key}`)
    return found
  }

  /** Gives a key of one part a value, behind those of its siblings `after` that are there. */
  set({ file, path }: Part, keys: YamlPath, value: YamlData, after: readonly string[] = []): void {
    this.#edit(file, (document) => setYaml(document, [...path, ...keys], value, after))
  }

  insert({ file, path }: Part, keys: YamlPath, index: number, value: YamlData): void {
    this.#edit(file, (document) => insertYaml(document, [...path, ...keys], index, value))
  }

  /** Takes a key or item out, and what would be left empty around it, the definition itself excepted. */
  remove({ file, path }: Part, keys: YamlPath): void {
    this.#edit(file, (document) => {
      let target = [...path, ...keys]
      while (target.length > path.length + 1 && sizeOf(yamlAt(document.data, target.slice(0, -1))) === 1)
        target = target.slice(0, -1)
      return removeYaml(document, target)
    })
  }

  /** Gives an entry of `addresses` another text; its label stays. */
  setEntry({ part, index, value }: Item, text: string): void {
    const path = [...part.path, 'addresses', index]
    this.#edit(part.file, (document) =>
      isMapping(value)
        ? renameYaml(document, [...path, entryText(value)], text)
        : setYaml(document, path, text),
    )
  }

  /** The files as they stand now. */
  files(): readonly NetplanFile[] {
    return this.#files
  }

  /** One change for each file whose bytes differ. */
  changes(tree: GuestTree, operation: string, summary: string): WriteChange[] {
    return this.#files.flatMap(({ path, document }) => {
      const before = tree.file(path)?.content
      if (printYaml(document) === tree.text(path) || !before) return []
      return [{ at: 'guest', kind: 'write', path, operation, summary, before, after: writeYaml(document) }]
    })
  }

  #edit(file: number, edit: (document: YamlDocument) => YamlDocument): void {
    const old = this.#files[file]
    if (old) this.#files[file] = { ...old, document: edit(old.document) }
  }
}

function sizeOf(data: YamlData | undefined): number {
  if (isMapping(data)) return data.size
  return isSequence(data) ? data.length : 0
}
