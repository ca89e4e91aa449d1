import type { Identity } from './identity.ts'

/** What no clone may be given or draw: MACs in lower case with colons, BIOS UUIDs as canonical text. */
export interface Taken {
  readonly macs: Set<string>
  readonly uuids: Set<string>
}

/** What one clone has of them. */
export interface Given {
  readonly macs: readonly string[]
  readonly uuids: readonly string[]
}

export function givenTo({ nics, uuid }: Pick<Identity, 'nics' | 'uuid'>): Given {
  return {
    macs: nics.flatMap(({ mac }) => ('address' in mac && mac.address !== undefined ? [mac.address] : [])),
    uuids: uuid.policy === 'set' ? [uuid.value] : [],
  }
}

/** Adds what a clone is given, so that the next one of a batch does not draw it too. */
export function take(taken: Taken, { macs, uuids }: Given): void {
  for (const mac of macs) taken.macs.add(mac)
  for (const uuid of uuids) taken.uuids.add(uuid)
}

/** True if another has something of it already. */
export function isTaken(taken: Taken, { macs, uuids }: Given): boolean {
  return macs.some((mac) => taken.macs.has(mac)) || uuids.some((uuid) => taken.uuids.has(uuid))
}
