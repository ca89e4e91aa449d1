import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Hostname } from '../../identity/identity.ts'
import { isTemplateState, type TemplateState } from '../../machine/clone/state.ts'
import { readIfThere, writeAtomic } from '../../transaction/atomic.ts'
import type { Layout } from './places.ts'
import type { BatchRow, CloneKind } from './types.ts'

/** What is kept of a batch beside its clones, so that a later run can go on where it ended. */
export interface Manifest {
  readonly version: 1
  /** The template's .vmx, links resolved. */
  readonly template: string
  readonly clone: CloneKind
  /** From which every id is drawn. */
  readonly seed: string
  /** What the template was like (templateState). */
  readonly state: TemplateState
  /** Digest of what the hosts file of each clone says of the others. */
  readonly hosts: string
  /** The name of the template's guest, whose domain clones get; absent if it has none, or was not read yet. */
  readonly hostname?: Hostname
}

/** The batch with these clones of this template. */
export interface BatchKey {
  readonly template: string
  readonly clone: CloneKind
  readonly rows: readonly BatchRow[]
}

/** What an earlier run of the same batch kept; undefined if there was none, or if it cannot be read. */
export async function readManifest(layout: Layout, key: BatchKey): Promise<Manifest | undefined> {
  const bytes = await readIfThere(pathOf(layout, key))
  if (bytes === undefined) return undefined
  try {
    const found = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<Manifest> | null
    const good =
      found?.version === 1 &&
      typeof found.seed === 'string' &&
      typeof found.template === 'string' &&
      isTemplateState(found.state) &&
      (found.hostname === undefined || isHostname(found.hostname))
    return good ? (found as Manifest) : undefined
  } catch {
    return undefined
  }
}

function isHostname(value: Partial<Hostname> | null): boolean {
  const { short, fqdn = short } = value ?? {}
  return [short, fqdn].every((name) => typeof name === 'string' && /^[^\s\p{C}]+$/u.test(name))
}

/** Keeps it durably before the first clone is made. */
export async function writeManifest(
  layout: Layout,
  key: BatchKey,
  given: Pick<Manifest, 'seed' | 'state' | 'hosts' | 'hostname'>,
): Promise<void> {
  const { template, clone } = key
  const { seed, state, hosts, hostname } = given
  const manifest: Manifest = {
    ...{ version: 1, template, clone, seed, state, hosts },
    ...(hostname === undefined ? {} : { hostname }),
  }
  await writeAtomic(pathOf(layout, key), Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), {
    mode: 0o600,
  })
}

/** A seed nobody knows. */
export function newSeed(): string {
  return randomBytes(32).toString('hex')
}

function pathOf(layout: Layout, { template, clone, rows }: BatchKey): string {
  const names = rows.map(({ name }) => name).sort()
  const digest = createHash('sha256')
    .update(JSON.stringify([template, clone, names]))
    .digest('hex')
  return join(layout.state, `${digest.slice(0, 16)}.json`)
}
