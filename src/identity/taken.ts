import type { Identity } from './identity.ts'

/** What no clone may be given or draw: MACs in lower case with colons, BIOS UUIDs as canonical text. */
export interface Taken {
  readonly macs: Set<string>
  readonly uuids: Set<string>
}

/** Adds what an identity brings, so that the next clone of a batch does not draw it too. */
export function take({ macs, uuids }: Taken, { nics, uuid }: Pick<Identity, 'nics' | 'uuid'>): void {
  for (const { mac } of nics) if ('address' in mac && mac.address !== undefined) macs.add(mac.address)
  if (uuid.policy === 'set') uuids.add(uuid.value)
}
