import { sameBytes } from '../formats/bytes.ts'
import type { GuestRead } from '../guest/tree.ts'
import type { Identity } from '../identity/identity.ts'
import { HOST_KEY_READS, hostKeysOf } from './host-keys.ts'
import type { Survey } from './survey.ts'

/** What must be read to know whether a guest holds an identity. */
export const HELD_READS: readonly GuestRead[] = ['/etc/machine-id', ...HOST_KEY_READS]

/**
 * True if the clone was given this identity before: it holds one of the values that are drawn once and for all, or, where
 * none is drawn, an earlier run is on record. Then what guest and VMware have made since (seeds, leases) is its own, and stays.
 */
export function holdsIdentity(survey: Survey, identity: Identity): boolean {
  const { before } = survey
  if (before === undefined) return holds(survey, identity)
  const last = known.get(before)
  if (last?.identity === identity) return last.held
  const held = holds(before, identity)
  known.set(before, { identity, held })
  return held
}

/** By the survey before any operation: each asks anew. */
const known = new WeakMap<Survey, { readonly identity: Identity; readonly held: boolean }>()

function holds({ guest, machine }: Survey, identity: Identity): boolean {
  const { machineId, sshKeys, uuid, nics } = identity
  const marks: boolean[] = []
  if (machineId.policy === 'set' && guest.tree.file('/etc/machine-id')) {
    marks.push(guest.tree.text('/etc/machine-id')?.trim() === machineId.value)
  }
  if (sshKeys.policy === 'set') {
    const keys = hostKeysOf(guest.tree)
    for (const pair of sshKeys.pairs) {
      marks.push(keys.some((key) => sameBytes(key.publicFile?.content, pair.publicKey)))
    }
  }
  if (marks.length > 0) return marks.includes(true)
  if (machine !== undefined && uuid.policy === 'set') {
    marks.push(hexOf(machine.vmx.get('uuid.bios') ?? '') === hexOf(uuid.value))
  }
  for (const { device, mac } of nics) {
    if (machine !== undefined && mac.policy === 'set')
      marks.push(machine.nics.some((nic) => nic.device === device && nic.mac === mac.address))
  }
  return marks.length > 0 ? marks.includes(true) : identity.settled
}

function hexOf(uuid: string): string {
  return uuid.replace(/[^0-9a-f]/gi, '').toLowerCase()
}
