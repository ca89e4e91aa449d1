import { VmcloneError } from '../errors/index.ts'
import type { GuestRead, GuestTree } from '../guest/tree.ts'
import { type Candidate, decide } from './decide.ts'
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

/** For each dialect, what it finds in a tree; one reading, as evidence and profiles mostly stand in the same files. */
const FINDERS = DIALECTS.map((dialect) => (tree: GuestTree): Candidate | undefined => {
  const evidence = dialect.detect(tree)
  return evidence && { evidence, profiles: dialect.profiles(tree) }
})

/**
 * The dialect in force and the profiles; undefined if none is. Others that claim the same interfaces stand in `rivals`:
 * addressing is refused then, everything else is not. Throws what dialects throw on detection.
 */
export function observeNetwork(tree: GuestTree): GuestNetwork | undefined {
  const found = FINDERS.flatMap((find) => tree.recall(find) ?? [])
  return decide(tree, found, tree.recall(rivals))
}

/** NETWORK_UNKNOWN, with what was looked for and what is there instead. */
export function networkUnknown(tree: GuestTree, dialects: readonly Dialect[] = DIALECTS): VmcloneError {
  const names = dialects.map(({ name }) => name).join(', ')
  const message = `no supported network configuration is in force in the guest: looked for ${names}`
  const [other] = rivals(tree)
  if (!other) return new VmcloneError('NETWORK_UNKNOWN', message)
  return new VmcloneError('NETWORK_UNKNOWN', `${message}; found ${other.dialect} (${other.because})`, {
    hint: `Give no --ip to leave the network alone: ${other.dialect} is not supported.`,
  })
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
