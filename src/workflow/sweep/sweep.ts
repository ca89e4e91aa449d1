import { posix } from 'node:path'
import { asVmcloneError } from '../../errors/index.ts'
import type { Guest } from '../../guest/guest.ts'
import type { Change } from '../../transaction/change.ts'
import type { CommonOptions } from '../options.ts'
import type { IdentityCard } from '../report.ts'
import type { Run } from '../run.ts'
import { type OldValue, oldStorageIds, oldValues } from './old-values.ts'
import { isWithin, searchTree } from './search.ts'
import type { Skipped, Sweep } from './types.ts'

const ALWAYS = '/etc'
/** Files that are read line by line; together with their size limit within what one reading may bring. */
const FILES = 200

/** A clone that was planned. */
interface Planned {
  readonly was: IdentityCard
  /** As planned. */
  readonly is: IdentityCard
  readonly changes: readonly Change[]
}

/**
 * Looks for what still names the old machine below /etc and the paths of the options, in the guest as the plan leaves it. Nothing is
 * written. Undefined where the clone keeps all that told it from others. If the guest cannot be searched, a notice says so.
 */
export async function sweep(
  run: Run<Pick<CommonOptions, 'signal' | 'onEvent' | 'sweep'>>,
  guest: Guest,
  { was, is, changes }: Planned,
): Promise<Sweep | undefined> {
  const values = [...oldValues(was, is), ...oldStorageIds(changes)]
  if (values.length === 0) return undefined
  try {
    return await look(guest, [ALWAYS, ...(run.options.sweep ?? [])], { values, changes })
  } catch (thrown) {
    const error = asVmcloneError(thrown)
    if (error.code !== 'GUESTFISH_FAILED' && error.code !== 'GUEST_TOO_LARGE') throw error
    run.note({
      code: 'not-swept',
      message: `What still names the old machine could not be looked for: ${error.message}.`,
    })
    return undefined
  }
}

async function look(
  guest: Guest,
  paths: readonly string[],
  { values, changes }: { readonly values: readonly OldValue[]; readonly changes: readonly Change[] },
): Promise<Sweep> {
  const { places, absent } = await placesOf(guest, paths)
  const words = values.flatMap(({ spellings }) => spellings)
  const { files, skipped } = await guest.holding(places, words)
  const changed = new Set(changes.map(({ path }) => path))
  // A pattern would bring other files than the one that has its name.
  const readable = files.filter((path) => !/[*?]/.test(path)).sort()
  // The plan has the content of what it changes, and reading its attributes.
  readable.sort((a, b) => Number(changed.has(b)) - Number(changed.has(a)))
  const tree = (await guest.read(readable.slice(0, FILES))).with(changes)
  const secrets = new Set(changes.filter(({ secret }) => secret).map(({ path }) => path))
  const gone = new Set(changes.filter(({ kind }) => kind === 'remove').map(({ path }) => path))
  const isGone = ({ path }: Skipped) => [...gone].some((one) => isWithin(path, one))
  const found = searchTree(tree, places, values, (path) => secrets.has(path))
  const left: Skipped[] = [
    ...absent.map((path) => ({ path, why: 'absent' as const })),
    ...skipped,
    ...files.filter((path) => /[*?]/.test(path)).map((path) => ({ path, why: 'unreadable' as const })),
    ...readable.slice(FILES).map((path) => ({ path, why: 'many' as const })),
  ].filter((one) => !isGone(one))
  return { ...found, skipped: [...left, ...found.skipped].sort((a, b) => (a.path < b.path ? -1 : 1)) }
}

/** Real paths, none below another, and those that are not there. */
async function placesOf(
  guest: Guest,
  paths: readonly string[],
): Promise<{ readonly places: string[]; readonly absent: string[] }> {
  const asked = [...new Set(paths.map((path) => posix.resolve('/', path)))]
  const tree = await guest.read(asked.map((path) => ({ path, attributes: true })))
  const real = new Map(asked.map((path) => [path, tree.resolve(path)]))
  const there = [...new Set(real.values())].filter((path) => path !== undefined && tree.entry(path))
  return {
    places: there.filter((path): path is string => !there.some((other) => isBelow(path, other))),
    absent: asked.filter((path) => !there.includes(real.get(path))),
  }
}

function isBelow(path: string | undefined, other: string | undefined): boolean {
  return path !== other && isWithin(path ?? '', other ?? '')
}
