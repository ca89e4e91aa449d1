/** What a firewall's rule means for somebody's new TCP connection to a port, as far as it can be told. */
export interface Verdict {
  readonly effect: 'accept' | 'block' | 'none' | { readonly chain: string } | 'return'
  /** Whose connections it meets: everybody's, perhaps everybody's, or certainly not. Rules for certain senders meet nobody. */
  readonly meets: 'all' | 'maybe' | 'none'
}

/** What becomes of the connections that reach a chain: let in, perhaps turned away by its rule at `index`, or neither. */
export type Outcome =
  | { readonly kind: 'open' | 'passed' }
  | { readonly kind: 'blocked'; readonly index: number }

const DEPTH = 16

/**
 * Follows a chain's rules until one lets everybody in, or might turn somebody away. `chainOf`: the rules of another chain of the
 * table; undefined if there is none, and the target is no chain. `policy`: what a return from a base chain comes to.
 */
export function follow(
  rules: readonly Verdict[],
  chainOf: (name: string) => readonly Verdict[] | undefined,
  policy?: 'accept' | 'drop',
  depth = 0,
): Outcome {
  let certain = true
  for (const [index, { effect, meets }] of rules.entries()) {
    if (meets === 'none' || effect === 'none') continue
    if (effect === 'block') return { kind: 'blocked', index }
    if (effect === 'accept') {
      if (meets === 'all' && certain) return { kind: 'open' }
    } else if (effect === 'return') {
      if (policy === 'drop') return { kind: 'blocked', index }
      if (meets === 'all') return { kind: 'passed' }
      certain &&= policy === 'accept'
    } else {
      const inner = chainOf(effect.chain)
      if (inner === undefined) continue
      const outcome = depth < DEPTH ? follow(inner, chainOf, undefined, depth + 1).kind : 'blocked'
      if (outcome === 'blocked') return { kind: 'blocked', index }
      if (outcome === 'open' && meets === 'all' && certain) return { kind: 'open' }
    }
  }
  return { kind: 'passed' }
}
