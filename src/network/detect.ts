import type { GuestRead, GuestTree } from '../guest/tree.ts'
import type { Dialect } from './dialect.ts'
import { DIALECTS } from './dialects/index.ts'
import { LEASE_READS } from './leases.ts'
import type { GuestNetwork } from './model.ts'
import { RIVAL_READS, rivals } from './rivals.ts'

/** Everything that must be read of a guest to know and edit its network. */
export const networkReads: readonly GuestRead[] = distinct([
  ...DIALECTS.flatMap((dialect) => dialect.reads),
  ...RIVAL_READS,
  ...LEASE_READS,
])

/**
 * The dialect in force and its profiles; undefined if none is. Others that are in force too stand in `rivals`:
 * addressing is refused then (`refuseRivals`), everything else is not. Throws what dialects throw on detection.
 */
export function observeNetwork(
  tree: GuestTree,
  dialects: readonly Dialect[] = DIALECTS,
): GuestNetwork | undefined {
  const found = dialects.flatMap((dialect) => {
    const evidence = dialect.detect(tree)
    return evidence ? [{ dialect, evidence }] : []
  })
  const [first, ...more] = found
  if (!first) return undefined
  const others = [...more.map((one) => one.evidence), ...rivals(tree)]
  return {
    evidence: first.evidence,
    profiles: first.dialect.profiles(tree),
    ...(others.length === 0 ? {} : { rivals: others }),
  }
}

/** The dialect of this name. Throws RangeError for a name that no dialect has. */
export function dialectNamed(name: string, dialects: readonly Dialect[] = DIALECTS): Dialect {
  const dialect = dialects.find((one) => one.name === name)
  if (!dialect) throw new RangeError(`no dialect ${name}`)
  return dialect
}

function distinct(reads: readonly GuestRead[]): GuestRead[] {
  const seen = new Map<string, GuestRead>()
  for (const read of reads) {
    const path = typeof read === 'string' ? read : read.path
    if (typeof read === 'string' || !seen.has(path)) seen.set(path, read)
  }
  return [...seen.values()]
}
