import { fromByteText, toByteText } from '../formats/bytes.ts'
import type { Change } from '../transaction/change.ts'
import { matchesGlob } from './glob.ts'

/** One entry of the guest's file system, as it was read. */
export interface GuestNode {
  /** Absolute path in the guest. */
  readonly path: string
  readonly kind: 'file' | 'directory' | 'symlink' | 'other'
  /** Permission bits below 0o10000. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Bytes. */
  readonly size: number
  /** Absent where only attributes were asked for, or where the file is larger than CONTENT_LIMIT. */
  readonly content?: Uint8Array
  /** Symbolic links: the target as written. */
  readonly target?: string
  /** SELinux label without its final NUL, e.g. "system_u:object_r:net_conf_t:s0". */
  readonly label?: string
}

/**
 * What an operation or dialect wants to have read: an absolute guest path; "*" and "?" match within a name,
 * a final "/**" brings a directory with all that is below it. `attributes` leaves the content behind (secrets).
 */
export type GuestRead = string | { readonly path: string; readonly attributes: true }

/** Files larger than this many bytes come without content. */
export const CONTENT_LIMIT: number = 4 * 1024 * 1024

const LINK_LIMIT = 40

/** The part of a guest's file system that was read: plain data, never touched after it was made. */
export class GuestTree {
  readonly #nodes: ReadonlyMap<string, GuestNode>
  #sorted: readonly GuestNode[] | undefined

  constructor(nodes: Iterable<GuestNode>) {
    const map = new Map<string, GuestNode>()
    for (const node of nodes) map.set(node.path, node)
    this.#nodes = map
  }

  /** All entries, sorted by path. */
  nodes(): GuestNode[] {
    return [...this.#inOrder()]
  }

  /** The entry at exactly this path; a link is the link itself (lstat). */
  entry(path: string): GuestNode | undefined {
    return this.#nodes.get(path)
  }

  /** The path that this one leads to when links are followed inside the guest; undefined if it ends nowhere. */
  resolve(path: string): string | undefined {
    return this.#follow(path, 0)
  }

  /** The regular file that this path leads to, links followed. */
  file(path: string): GuestNode | undefined {
    const real = this.resolve(path)
    const node = real === undefined ? undefined : this.#nodes.get(real)
    return node?.kind === 'file' ? node : undefined
  }

  /** Content of the file that this path leads to, as byte text. */
  text(path: string): string | undefined {
    const content = this.file(path)?.content
    return content && toByteText(content)
  }

  exists(path: string): boolean {
    const real = this.resolve(path)
    return real !== undefined && this.#nodes.has(real)
  }

  /** Entries whose own path matches the pattern (see GuestRead), sorted by path. */
  glob(pattern: string): GuestNode[] {
    const literal = (/^[^*?]*/.exec(pattern) as RegExpExecArray)[0]
    if (literal === pattern) return [this.#nodes.get(pattern) ?? []].flat()
    const start = literal.replace(/\/$/, '')
    return this.#inOrder().filter(({ path }) => path.startsWith(start) && matchesGlob(path, pattern))
  }

  /** The tree as it will be once these changes are made; changes at other sides are passed over. */
  with(changes: readonly Change[]): GuestTree {
    const next = new Map(this.#nodes)
    for (const change of changes) {
      if (change.at !== 'guest') continue
      if (change.kind === 'remove') {
        next.delete(change.path)
        if (change.tree)
          for (const path of next.keys()) if (path.startsWith(`${change.path}/`)) next.delete(path)
        continue
      }
      const old = next.get(change.path)
      next.set(change.path, {
        path: change.path,
        kind: 'file',
        mode: change.mode ?? old?.mode ?? 0o644,
        uid: change.owner?.uid ?? old?.uid ?? 0,
        gid: change.owner?.gid ?? old?.gid ?? 0,
        size: change.after.length,
        content: change.after,
        ...(old?.label === undefined ? {} : { label: old.label }),
      })
    }
    return new GuestTree(next.values())
  }

  #inOrder(): readonly GuestNode[] {
    this.#sorted ??= [...this.#nodes.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
    return this.#sorted
  }

  #follow(path: string, links: number): string | undefined {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.')
    let real = ''
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as string
      if (part === '..') {
        real = real.slice(0, Math.max(0, real.lastIndexOf('/')))
        continue
      }
      const here = `${real}/${part}`
      const node = this.#nodes.get(here)
      if (node?.kind === 'symlink' && node.target !== undefined) {
        if (links >= LINK_LIMIT) return undefined
        const rest = parts.slice(i + 1).join('/')
        const base = node.target.startsWith('/') ? node.target : `${real}/${node.target}`
        return this.#follow(`${base}/${rest}`, links + 1)
      }
      real = here
    }
    return real === '' ? '/' : real
  }
}

/** A regular file for a tree made by hand, root's own and 0644 unless said otherwise. */
export function guestFile(path: string, text: string, more: Partial<GuestNode> = {}): GuestNode {
  const content = fromByteText(text)
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size: content.length, content, ...more }
}
