import { globOf } from './glob.ts'

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

/** Files larger than this many bytes come without content. */
export const CONTENT_LIMIT: number = 4 * 1024 * 1024

/** By path; undefined for what is gone. */
export type Layer = ReadonlyMap<string, GuestNode | undefined>

/** Where a path leads, and on the way which entries were looked at. */
export interface Followed {
  readonly real: string | undefined
  readonly seen: readonly string[]
}

/** Entries as they were read; answers about them are kept. */
interface Base {
  readonly nodes: ReadonlyMap<string, GuestNode>
  readonly sorted: readonly GuestNode[]
  /** By pattern. */
  readonly found: Map<string, readonly GuestNode[]>
  /** By path. */
  readonly followed: Map<string, Followed>
}

/** Entries by path, never touched after they were made; a thin layer of differences over those that were read. */
export class GuestNodes {
  readonly #base: Base
  readonly layer: Layer
  /** Paths of links that came or went: no other difference leads a path otherwise. */
  readonly links: ReadonlySet<string>

  private constructor(base: Base, layer: Layer, links: ReadonlySet<string>) {
    this.#base = base
    this.layer = layer
    this.links = links
  }

  static of(nodes: Iterable<GuestNode>): GuestNodes {
    const map = new Map<string, GuestNode>()
    for (const node of nodes) map.set(node.path, node)
    const sorted = [...map.values()].sort(byPath)
    return new GuestNodes({ nodes: map, sorted, found: new Map(), followed: new Map() }, new Map(), new Set())
  }

  get(path: string): GuestNode | undefined {
    return this.layer.has(path) ? this.layer.get(path) : this.#base.nodes.get(path)
  }

  /** How paths are followed where nothing differs. */
  get followed(): Map<string, Followed> {
    return this.#base.followed
  }

  /** All, sorted by path. */
  all(): readonly GuestNode[] {
    return this.#layered(this.#base.sorted, () => true)
  }

  /** Those that match the pattern, sorted by path. */
  matching(pattern: string): readonly GuestNode[] {
    const { sorted, found } = this.#base
    const { matches } = globOf(pattern)
    let nodes = found.get(pattern)
    if (nodes === undefined) {
      nodes = sorted.filter(({ path }) => matches(path))
      found.set(pattern, nodes)
    }
    return this.#layered(nodes, matches)
  }

  /** The same but for these. */
  with(changed: Layer): GuestNodes {
    const layer = new Map(this.layer)
    let { links } = this
    for (const [path, node] of changed) {
      layer.set(path, node)
      const isLink = node?.kind === 'symlink' || this.#base.nodes.get(path)?.kind === 'symlink'
      if (isLink) links = new Set([...links, path])
    }
    return new GuestNodes(this.#base, layer, links)
  }

  #layered(nodes: readonly GuestNode[], matches: (path: string) => boolean): readonly GuestNode[] {
    const changed = [...this.layer.keys()].filter(matches)
    if (changed.length === 0) return nodes
    const kept = nodes.filter(({ path }) => !this.layer.has(path))
    return [...kept, ...changed.flatMap((path) => this.layer.get(path) ?? [])].sort(byPath)
  }
}

function byPath(a: GuestNode, b: GuestNode): number {
  return a.path < b.path ? -1 : 1
}
