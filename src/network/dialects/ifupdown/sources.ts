import { VmcloneError } from '../../../errors/index.ts'
import { parseInterfaces, type Stanza } from '../../../formats/interfaces.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import { type InterfacesFile, interfacesFile } from './stanzas.ts'

export const INTERFACES = '/etc/network/interfaces'

/** Bytes in all files together; a real configuration has a few thousand. */
const LIMIT = 256 * 1024

/**
 * The main file and all that it takes in by `source` and `source-directory`, in the order in which ifupdown reads
 * them; each once. Paths are relative to the naming file's directory. /run is empty while a guest is off.
 * Throws NETWORK_UNSUPPORTED for files too large to be such, and for sources that were not read.
 */
export function collectFiles(tree: GuestTree): readonly InterfacesFile[] {
  return tree.recall(readFiles)
}

function readFiles(tree: GuestTree): InterfacesFile[] {
  const files: InterfacesFile[] = []
  const seen = new Set<string>()
  let size = 0
  const visit = (path: string): void => {
    const node = tree.file(path)
    if (!node || seen.has(node.path)) return
    seen.add(node.path)
    const text = tree.text(node.path)
    size += node.size
    if (text === undefined || size > LIMIT)
      throw new VmcloneError(
        'NETWORK_UNSUPPORTED',
        `${node.path} makes the interfaces files larger than ${LIMIT} bytes`,
      )
    const file = interfacesFile(node.path, parseInterfaces(text))
    files.push(file)
    for (const stanza of file.document.stanzas) sourced(tree, file, stanza).forEach(visit)
  }
  visit(INTERFACES)
  return files
}

function sourced(tree: GuestTree, file: InterfacesFile, stanza: Stanza): string[] {
  const { keyword, words } = stanza
  if (keyword !== 'source' && keyword !== 'source-directory' && keyword !== 'source-dir') return []
  return words.flatMap((word) => {
    const base = file.path.slice(0, file.path.lastIndexOf('/'))
    const pattern = word.startsWith('/') ? word : `${base}/${word}`
    if (/^(\/var)?\/run\//.test(pattern)) return []
    if (/[$`~{[\\"']/.test(word)) throw unreadable(file, stanza, 'uses shell expansion')
    if (keyword === 'source') return expand(tree, pattern)
    return expand(tree, `${pattern.replace(/\/+$/, '')}/*`).filter((path) => /\/[A-Za-z0-9_-]+$/.test(path))
  })
}

/** Existing paths that a shell pattern with * and ? names; a leading dot must be written out. */
function expand(tree: GuestTree, pattern: string): string[] {
  let found = ['']
  for (const part of pattern.split('/').filter((one) => one !== '')) {
    found = found.flatMap((directory) => {
      if (!/[*?]/.test(part)) return [`${directory}/${part}`]
      const real = tree.resolve(directory === '' ? '/' : directory)
      if (real === undefined) return []
      return tree
        .glob(`${real === '/' ? '' : real}/${part}`)
        .map((node) => node.path.slice(node.path.lastIndexOf('/') + 1))
        .filter((name) => part.startsWith('.') || !name.startsWith('.'))
        .map((name) => `${directory}/${name}`)
    })
  }
  return found.filter((path) => tree.exists(path))
}

function unreadable(file: InterfacesFile, stanza: Stanza, why: string): VmcloneError {
  return new VmcloneError('NETWORK_UNSUPPORTED', `${file.path}:${stanza.line}: "${stanza.keyword}" ${why}`, {
    hint: 'Name the files by a plain path or pattern (* and ?) in the template.',
    position: { file: file.path, line: stanza.line },
  })
}
