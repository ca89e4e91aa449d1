import { fromByteText } from '../formats/bytes.ts'
import type { GuestTree } from '../guest/tree.ts'
import type { WriteChange } from '../transaction/change.ts'

/** What a file that is made anew gets besides root as its owner. */
export interface NewFile {
  /** Absent: 0644. */
  readonly mode?: number
  readonly labelLike?: string
  readonly labelType: string
}

/**
 * The write that gives a guest's file this byte text, links followed; none if it has it. A file that is not there is made
 * only if it is said what it is like.
 */
export function textChange(
  tree: GuestTree,
  path: string,
  text: string,
  purpose: { readonly operation: string; readonly summary: string },
  made?: NewFile,
): WriteChange[] {
  const node = tree.file(path)
  const change = { at: 'guest', kind: 'write', path: node?.path ?? path, ...purpose } as const
  if (node)
    return node.content && tree.text(path) !== text
      ? [{ ...change, before: node.content, after: fromByteText(text) }]
      : []
  if (!made || tree.entry(path)) return []
  return [{ ...change, after: fromByteText(text), mode: 0o644, owner: { uid: 0, gid: 0 }, ...made }]
}
