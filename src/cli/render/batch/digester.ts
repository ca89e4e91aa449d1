import type { Digester } from '../../../workflow/batch/digest.ts'
import type { Digest } from './digest.ts'

/** For which reports: the text or page for a person, the JSON document of so many clones. */
export interface DigestSettings {
  readonly brief: boolean
  readonly json: boolean
  readonly clones: number
}

/** Of this module, for a DigestSource. */
export const DIGESTER: string = import.meta.url

/** What makes, of the changes of a clone, that which the reports say of them. */
export async function digester({ brief, json, clones }: DigestSettings): Promise<Digester> {
  const { makeBrief } = await import('./brief.ts')
  if (!json) return (name, changes): Digest => ({ brief: makeBrief(name, changes) })
  const { diffLimitOf, jsonChanges } = await import('../json.ts')
  const limit = diffLimitOf(clones)
  return (name, changes): Digest => ({
    ...(brief ? { brief: makeBrief(name, changes) } : {}),
    json: jsonChanges(changes, limit),
  })
}
