import type { Change } from '../../transaction/change.ts'

/** Makes something of a clone's changes, which can be cloned (structuredClone). */
export type Digester = (name: string, changes: readonly Change[]) => unknown

/** Where such a function comes from: threads get it there too. */
export interface DigestSource {
  /** URL of an ES module; its export `digester`, called with `settings`, gives or promises the function. */
  readonly module: string
  /** Can be cloned. */
  readonly settings?: unknown
}

/** Undefined if none is wanted. Throws what importing throws. */
export async function loadDigester(source: DigestSource | undefined): Promise<Digester | undefined> {
  if (source === undefined) return undefined
  const { digester } = await import(source.module)
  return digester(source.settings)
}
