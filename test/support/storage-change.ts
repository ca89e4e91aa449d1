import type { StorageId } from '../../src/guest/storage-id.ts'
import { renewedStorageId } from '../../src/identity/storage-id.ts'
import type { IdChange } from '../../src/transaction/change.ts'

/** The change that gives an id another, the same one each time. */
export function changeOf({ device, bearer, format, id }: StorageId): IdChange {
  const after = renewedStorageId(new Uint8Array(32), id) ?? ''
  return {
    at: 'storage',
    kind: 'id',
    path: device,
    operation: 'test',
    summary: 'test',
    bearer,
    format,
    before: id,
    after,
  }
}
