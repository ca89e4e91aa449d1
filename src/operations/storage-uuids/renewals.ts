import { type StorageId, sameId } from '../../guest/storage-id.ts'
import type { Identity } from '../../identity/identity.ts'
import { renewedStorageId } from '../../identity/storage-id.ts'
import type { Renewals } from './mentions.ts'
import type { Pins } from './pins.ts'

/** An id that is replaced on its device. */
export interface Renewal extends StorageId {
  readonly after: string
}

/** An id that stays the template's. */
export interface Left extends StorageId {
  readonly reason: string
}

/** What becomes of the ids on a clone's disks. Ids that an earlier run gave to this clone are in neither list. */
export function decide(
  ids: readonly StorageId[],
  { storageSeed, storageIds = [] }: Identity,
  pins: Pins,
): { readonly renewals: readonly Renewal[]; readonly left: readonly Left[] } {
  const renewals: Renewal[] = []
  const left: Left[] = []
  for (const id of ids) {
    if (storageIds.some((own) => sameId(own, id.id)) || isDerived(id)) continue
    const after = renewedStorageId(storageSeed, id.id)
    const reason = pins(id) ?? (after === undefined ? 'it is of an unknown form' : undefined)
    if (after === undefined || reason !== undefined) left.push({ ...id, reason: reason ?? '' })
    else renewals.push({ ...id, after })
  }
  return { renewals, left }
}

/** What the guest's files may call by its old id, those of partitions that hang on the MBR's signature among them. */
export function mentionsOf(ids: readonly StorageId[], renewals: readonly Renewal[]): Renewals {
  const table = new Map(renewals.map(({ id, after }) => [id.toLowerCase(), { before: id, after }]))
  for (const { id } of ids.filter(isDerived)) {
    const [signature = '', number = ''] = id.split('-')
    const renewed = table.get(signature.toLowerCase())
    if (renewed !== undefined)
      table.set(id.toLowerCase(), { before: id, after: `${renewed.after}-${number}` })
  }
  return table
}

/** The PARTUUID of an MBR partition is the signature and the partition's number. */
function isDerived({ bearer, format }: StorageId): boolean {
  return bearer === 'partition' && format === 'dos'
}
