import { v5 } from 'uuid'
import type { MacChange } from './model.ts'

/** Namespace of connection UUIDs, drawn once for this program. */
const NAMESPACE = 'b1a7c3de-90a4-4d0b-9d5c-5f2b6c1e7a34'

/**
 * The UUID that a connection profile of a clone gets: made of the NIC's new MAC and the profile's name, so that planning
 * stays pure, two clones differ and a second run finds nothing to do. Undefined where the NIC keeps its MAC, or gets one
 * that is not known yet: a profile that needs a UUID then keeps it.
 */
export function connectionUuid(mac: MacChange, profile: string): string | undefined {
  const { from, to } = mac
  if (to === undefined || !from.some((old) => old !== to)) return undefined
  return v5(`${to} ${profile}`, NAMESPACE)
}
