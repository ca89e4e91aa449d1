import { type ByteText, fromByteText, toByteText } from '../formats/bytes.ts'
import type { Change } from '../transaction/change.ts'
import { globOf } from './glob.ts'
import { type Followed, type GuestNode, GuestNodes } from './nodes.ts'
import { Trace } from './trace.ts'

export { CONTENT_LIMIT, type GuestNode } from './nodes.ts'

/**
 * What an operation or dialect wants to have read: an absolute guest path; "*" and "?" match within a name,
 * a final "/**" brings a directory with all that is below it. `attributes` leaves the content behind (secrets).
 */
export type GuestRead = string | { readonly path: string; readonly attributes: true }

const LINK_LIMIT = 40

/** Text of what was read, by its bytes: each is asked for many times. */
const texts = new WeakMap<Uint8Array, ByteText>()

/** What a reading found, and where it looked. */
interface Finding {
  readonly value: unknown
  readonly trace: Trace
  /** By path, whether it would be otherwise if that were changed: asked for every clone anew. */
  readonly hangsOn: Map<string, boolean>
}

/** The part of a guest's file system that was read: plain data, never touched after it was made. */
export class GuestTree {
  readonly #nodes: GuestNodes
  /** As it was read: this tree itself, or what it was made of by with(). */
  #origin: GuestTree = this
  readonly #findings = new Map<unknown, Finding>()
  #trace: Trace | undefined

  constructor(nodes: Iterable<GuestNode> | GuestNodes) {
    this.#nodes = nodes instanceof GuestNodes ? nodes : GuestNodes.of(nodes)
  }

  /** All entries, sorted by path. */
  nodes(): GuestNode[] {
    this.#trace?.everywhere()
    return [...this.#nodes.all()]
  }

  /** The entry at exactly this path; a link is the link itself (lstat). */
  entry(path: string): GuestNode | undefined {
    this.#trace?.path(path)
    return this.#nodes.get(path)
  }

  /** The path that this one leads to when links are followed inside the guest; undefined if it ends nowhere. */
  resolve(path: string): string | undefined {
    const known = this.#nodes.followed.get(path) ?? this.#followAtOrigin(path)
    const { links } = this.#nodes
    if (links.size > 0 && known.seen.some((one) => links.has(one))) return this.#follow(path, 0)
    for (const one of known.seen) this.#trace?.path(one)
    return known.real
  }

  /** How a path is followed in the tree as it was read: asked for many times. */
  #followAtOrigin(path: string): Followed {
    const trace = new Trace()
    const real = this.#origin.#derived(this.#origin.#nodes, trace).#follow(path, 0)
    const followed = { real, seen: [...trace.paths] }
    this.#nodes.followed.set(path, followed)
    return followed
  }

  /** The regular file that this path leads to, links followed. */
  file(path: string): GuestNode | undefined {
    const real = this.resolve(path)
    const node = real === undefined ? undefined : this.entry(real)
    return node?.kind === 'file' ? node : undefined
  }

  /** Content of the file that this path leads to, as byte text. */
  text(path: string): string | undefined {
    const node = this.file(path)
    if (node?.content === undefined) return undefined
    // What one clone alone will have is not kept.
    if (this.#nodes.layer.has(node.path)) return toByteText(node.content)
    const known = texts.get(node.content)
    if (known !== undefined) return known
    const text = toByteText(node.content)
    texts.set(node.content, text)
    return text
  }

  exists(path: string): boolean {
    const real = this.resolve(path)
    return real !== undefined && this.entry(real) !== undefined
  }

  /** Entries whose own path matches the pattern (see GuestRead), sorted by path. */
  glob(pattern: string): readonly GuestNode[] {
    if (!globOf(pattern).plain) {
      this.#trace?.pattern(pattern)
      return this.#nodes.matching(pattern)
    }
    const node = this.entry(pattern)
    return node === undefined ? [] : [node]
  }

  /**
   * What a pure function finds in this tree. It runs once for all trees made of the same one that do not differ where it looked;
   * so pass a function that lasts, and change nothing of what it found.
   */
  recall<T>(read: (tree: GuestTree) => T): T {
    const { value, trace } = this.#find(read)
    this.#trace?.add(trace)
    return value as T
  }

  /** The tree as it will be once these changes are made; changes at other sides are passed over. */
  with(changes: readonly Change[]): GuestTree {
    const changed = new Map<string, GuestNode | undefined>()
    for (const change of changes) {
      if (change.at !== 'guest') continue
      if (change.kind === 'remove') {
        changed.set(change.path, undefined)
        if (!change.tree) continue
        const isBelow = (path: string): boolean => path.startsWith(`${change.path}/`)
        for (const { path } of this.nodes()) if (isBelow(path)) changed.set(path, undefined)
        for (const path of changed.keys()) if (isBelow(path)) changed.set(path, undefined)
        continue
      }
      const old = changed.has(change.path) ? changed.get(change.path) : this.entry(change.path)
      if (change.kind === 'link') {
        const { path, target } = change
        changed.set(path, { path, kind: 'symlink', mode: 0o777, uid: 0, gid: 0, size: target.length, target })
        continue
      }
      changed.set(change.path, {
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
    return changed.size === 0 ? this : this.#derived(this.#nodes.with(changed), this.#trace)
  }

  #derived(nodes: GuestNodes, trace: Trace | undefined): GuestTree {
    const tree = new GuestTree(nodes)
    tree.#origin = this.#origin
    tree.#trace = trace
    return tree
  }

  #find(read: (tree: GuestTree) => unknown): Finding {
    const known = this.#findings.get(read) ?? this.#findAtOrigin(read)
    if (known !== undefined) return known
    const trace = new Trace()
    // Where it looked is asked of the tree as it was read, and by who traces this one.
    const asked = this.#origin === this || this.#trace !== undefined
    const value = read(asked ? this.#derived(this.#nodes, trace) : this)
    const finding = { value, trace, hangsOn: new Map() }
    this.#findings.set(read, finding)
    return finding
  }

  /** What was found in the tree as it was read, if that holds here too. */
  #findAtOrigin(read: (tree: GuestTree) => unknown): Finding | undefined {
    if (this.#origin === this) return undefined
    try {
      const finding = this.#origin.#find(read)
      return this.#touches(finding) ? undefined : finding
    } catch {
      // What is refused there may have been mended here.
      return undefined
    }
  }

  /** True if what this tree changes would change what was found. */
  #touches({ trace, hangsOn }: Finding): boolean {
    for (const path of this.#nodes.layer.keys()) {
      const answer = hangsOn.get(path) ?? trace.sees(path)
      hangsOn.set(path, answer)
      if (answer) return true
    }
    return false
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
      const node = this.entry(here)
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
