import { createHash } from 'node:crypto'
import type { Identity } from './identity.ts'

/**
 * 32 bytes for an id that a guest needs besides those that an identity names: the same for the same clone however often it
 * is fixed, different for each clone and each `purpose`, and telling nothing of what they are made of. Undefined if the
 * identity brings nothing that only this clone has.
 */
export function offspring(identity: Identity, purpose: string): Uint8Array | undefined {
  const source = sourceOf(identity)
  if (source === undefined) return undefined
  return new Uint8Array(createHash('sha256').update(`vmclone-fix ${purpose}\n${source}\n`).digest())
}

/** Values that stay on record, so that a second run has them too; the first that is set counts. */
function sourceOf({ machineId, uuid, nics }: Identity): string | undefined {
  if (machineId.policy === 'set') return machineId.value
  if (uuid.policy === 'set') return uuid.value
  return nics.flatMap(({ mac }) => (mac.policy === 'set' ? [mac.address] : [])).at(0)
}
