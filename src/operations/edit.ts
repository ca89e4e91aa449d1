import { fromByteText, sameBytes, toByteText } from '../formats/bytes.ts'
import type { GuestNode, GuestTree } from '../guest/tree.ts'
import type { Notice } from '../notices.ts'
import type { Change, RemoveChange, WriteChange } from '../transaction/change.ts'

/** What a change is for, and what it is called in the report. */
export interface Purpose {
  readonly operation: string
  readonly summary: string
}

/** The write that turns a file into `edit(text)`, text or its bytes; nothing if the file is absent, was not read, or stays as it is. */
export function rewrite(
  tree: GuestTree,
  path: string,
  purpose: Purpose,
  edit: (text: string) => string | Uint8Array,
): WriteChange[] {
  const node = tree.file(path)
  if (node?.content === undefined) return []
  const text = toByteText(node.content)
  const next = edit(text)
  if (next === text) return []
  const after = typeof next === 'string' ? fromByteText(next) : next
  return sameBytes(after, node.content) ? [] : [replaceContent(node, after, purpose)]
}

/** The write that gives a file that is there new content. */
export function replaceContent(node: GuestNode, after: Uint8Array, purpose: Purpose): WriteChange {
  const before = node.content === undefined ? {} : { before: node.content }
  return { at: 'guest', kind: 'write', path: node.path, ...purpose, ...before, after }
}

/** What to say of a file that is there and cannot be edited: a link that leads nowhere, a directory, or too large to be read. */
export function unedited(tree: GuestTree, path: string): Notice[] {
  if (!tree.entry(path) || tree.file(path)?.content !== undefined) return []
  return [
    {
      code: 'file-left',
      message: `${path} was left as it is: it is no regular file, leads nowhere, or is too large.`,
      hint: 'See what the guest keeps there, and edit it by hand.',
    },
  ]
}

/** The removal of a file, link or (with `tree`) directory that is there. */
export function removal(node: GuestNode, purpose: Purpose): RemoveChange {
  return {
    at: 'guest',
    kind: 'remove',
    path: node.path,
    ...purpose,
    ...(node.content === undefined ? {} : { before: node.content }),
    ...(node.target === undefined ? {} : { target: node.target }),
    ...(node.kind === 'directory' ? { tree: true } : {}),
  }
}

/** The files that several patterns name, each once, links passed over, sorted by path. Pass a list that lasts: what it finds is kept. */
export function filesMatching(tree: GuestTree, patterns: readonly string[]): readonly GuestNode[] {
  const known = searches.get(patterns)
  if (known !== undefined) return tree.recall(known)
  const search = (within: GuestTree) => matchesOf(within, patterns)
  searches.set(patterns, search)
  return tree.recall(search)
}

const searches = new WeakMap<readonly string[], (tree: GuestTree) => GuestNode[]>()

function matchesOf(tree: GuestTree, patterns: readonly string[]): GuestNode[] {
  const found = new Map<string, GuestNode>()
  for (const pattern of patterns) {
    for (const node of tree.glob(pattern)) if (node.kind === 'file') found.set(node.path, node)
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The same changes, marked as never to be shown. */
export function secret<T extends Change>(change: T): T {
  return { ...change, secret: true }
}
