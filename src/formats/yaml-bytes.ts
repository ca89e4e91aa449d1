import { fromByteText, toByteText } from './bytes.ts'
import { parseYaml, printYaml, type YamlDocument } from './yaml-spans.ts'

/** Documents by their bytes, which nobody changes: those of a template are read for every clone. */
const documents = new WeakMap<Uint8Array, YamlDocument>()

/** The document that a file's bytes hold. Throws as parseYaml does. */
export function readYaml(bytes: Uint8Array, file: string): YamlDocument {
  const known = documents.get(bytes)
  if (known?.file === file) return known
  const document = parseYaml(toByteText(bytes), file)
  documents.set(bytes, document)
  return document
}

/** The bytes of a document; who reads them again gets the document. */
export function writeYaml(document: YamlDocument): Uint8Array {
  const bytes = fromByteText(printYaml(document))
  documents.set(bytes, document)
  return bytes
}
