import { VmcloneError } from '../../../errors/index.ts'
import { readYaml } from '../../../formats/yaml-bytes.ts'
import type { YamlDocument, YamlPath } from '../../../formats/yaml-spans.ts'
import type { GuestTree } from '../../../guest/tree.ts'

/** From the weakest: a file of the same name further down hides those above. /run is empty while a guest is off. */
const DIRECTORIES = ['/lib/netplan', '/usr/lib/netplan', '/etc/netplan']

export const FILE_READS: readonly string[] = DIRECTORIES.map((directory) => `${directory}/*`)

/** Bytes in all files together; a real configuration has a few thousand. */
const LIMIT = 256 * 1024

/** One file that netplan reads, or one that holds the same kind of mapping elsewhere. */
export interface NetplanFile {
  /** Links resolved. */
  readonly path: string
  readonly document: YamlDocument
  /** Where "version", "renderer" and "ethernets" stand in it. */
  readonly root: YamlPath
}

/**
 * The files in the order in which netplan merges them: by name, wherever they are.
 * Throws YAML_INVALID: one such file keeps netplan from configuring anything.
 */
export function collectFiles(tree: GuestTree): readonly NetplanFile[] {
  return tree.recall(readFiles)
}

function readFiles(tree: GuestTree): NetplanFile[] {
  const named = new Map<string, string>()
  for (const directory of DIRECTORIES)
    for (const { path } of tree.glob(`${directory}/*.yaml`)) {
      const name = path.slice(directory.length + 1)
      if (!name.startsWith('.')) named.set(name, path)
    }
  let left = LIMIT
  return [...named]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, path]) => {
      const node = tree.file(path)
      if (!node) return []
      left -= node.size
      if (left < 0)
        throw new VmcloneError(
          'NETWORK_UNSUPPORTED',
          `${node.path} makes the netplan files larger than ${LIMIT} bytes`,
        )
      return [
        {
          path: node.path,
          document: readYaml(node.content ?? new Uint8Array(), node.path),
          root: ['network'],
        },
      ]
    })
}
