import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { GuestNode, GuestTree } from '../../src/guest/tree.ts'

/** Attributes and content of one path on a real file system, read without the code under test. */
export type Entry = readonly [attributes: string, content: string]

/** Makes a tree's entries below a directory that exists; directories that it does not name are root's own and 0755. */
export function layDown(tree: GuestTree, root: string): void {
  chmodSync(root, 0o755)
  for (const path of impliedDirectories(tree.nodes())) mkdirSync(join(root, path), { mode: 0o755 })
  for (const node of tree.nodes()) {
    const path = join(root, node.path)
    if (node.kind === 'symlink') symlinkSync(node.target ?? '', path)
    else if (node.kind === 'directory') mkdirSync(path, { recursive: true })
    else writeFileSync(path, node.content ?? '')
    lchownSync(path, node.uid, node.gid)
    if (node.kind !== 'symlink') chmodSync(path, node.mode)
  }
}

/** Everything below a directory, by its path in it. */
export function listDirectory(root: string): Record<string, Entry> {
  return Object.fromEntries(pathsBelow(root, '').map((path) => [path, entryAt(join(root, path))]))
}

// readdir's own recursion follows links.
function pathsBelow(root: string, path: string): string[] {
  const entries = readdirSync(join(root, path), { withFileTypes: true })
  return entries
    .flatMap((entry) => {
      const here = `${path}/${entry.name}`
      return [here, ...(entry.isDirectory() ? pathsBelow(root, here) : [])]
    })
    .sort()
}

/** What listDirectory must give for a tree: its entries, and the directories that they imply. `others` stay as they are. */
export function expectedListing(tree: GuestTree, others: readonly string[]): Record<string, Entry> {
  const nodes = tree.nodes()
  const named = nodes.map(({ path, kind, mode, uid, gid, target, content }) => {
    const text = target ?? (content ? Buffer.from(content).toString('latin1') : '')
    return [path, [`${kind} ${mode.toString(8)} ${uid}:${gid}`, text]] as const
  })
  const implied = [...impliedDirectories(nodes), ...others].map(
    (path) => [path, ['directory 755 0:0', '']] as const,
  )
  return Object.fromEntries([...implied, ...named].sort(byPath))
}

/** Directories above these entries that are no entries themselves, the uppermost first. */
export function impliedDirectories(nodes: readonly GuestNode[]): string[] {
  const found = new Set<string>()
  for (const { path } of nodes)
    for (let above = dirname(path); above !== '/'; above = dirname(above)) found.add(above)
  for (const { path } of nodes) found.delete(path)
  return [...found].sort()
}

function entryAt(path: string): Entry {
  const stat = lstatSync(path)
  const kind = stat.isFile()
    ? 'file'
    : stat.isDirectory()
      ? 'directory'
      : stat.isSymbolicLink()
        ? 'symlink'
        : 'other'
  const content =
    kind === 'file' ? readFileSync(path, 'latin1') : kind === 'symlink' ? readlinkSync(path) : ''
  return [`${kind} ${(stat.mode & 0o7777).toString(8)} ${stat.uid}:${stat.gid}`, content]
}

function byPath([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
