import type { BatchClone } from '../../../workflow/batch/types.ts'
import type { Brief } from './brief.ts'

/** What is kept of a clone's changes for the reports that are asked for; each part is absent where it is not. */
export interface Digest {
  readonly brief?: Brief
  /** As it stands in the JSON document, in UTF-8: bytes do not crowd the heap. */
  readonly json?: Uint8Array
}

export function digestOf({ digest }: BatchClone): Digest {
  return (digest as Digest | undefined) ?? {}
}
