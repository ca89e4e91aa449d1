import { createHash } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { VmcloneError } from '../../errors/index.ts'
import type { Hostname } from '../../identity/identity.ts'
import { brokenClones } from '../../machine/clone/broken.ts'
import { changesOf, type TemplateState, templateState } from '../../machine/clone/state.ts'
import type { Template } from '../../machine/clone/template.ts'
import { refuseFaults } from './fault.ts'
import { hostsOfBatch } from './hosts.ts'
import { type KeptClone, keptClone, keptFaults } from './kept.ts'
import type { Job } from './make-clones.ts'
import { type BatchKey, newSeed, readManifest, writeManifest } from './manifest.ts'
import type { Layout, Places } from './places.ts'
import type { BatchRow, CloneKind } from './types.ts'

/** Where a batch begins, or goes on. */
export interface TakenUp {
  /** Rows whose clones are to be made. */
  readonly rest: readonly BatchRow[]
  /** From which ids are drawn: that of the earlier run, where there was one. */
  readonly seed: string
  /** Throws TEMPLATE_CHANGED if the template is no longer as it was at the start. */
  readonly guard: () => Promise<void>
  /** Keeps the name of the template's guest for a later run that makes nothing, and so does not read it. */
  readonly remember: (hostname: Hostname | undefined) => Promise<void>
}

interface Kept {
  readonly row: BatchRow
  readonly clone: KeptClone
}

/** What was found out of an earlier run. */
interface Found extends Pick<TakenUp, 'rest' | 'seed'> {
  readonly key: BatchKey
  /** What the template is like now. */
  readonly state: TemplateState
  /** Digest of what hosts files are to say. */
  readonly hosts: string
}

/**
 * Finds out what an earlier run finished, which comes to its end in the results; writes nothing. Without `resume` a directory that is there
 * already refuses the batch. Throws TARGET_EXISTS, TEMPLATE_CHANGED, BAD_OPTION for clones of another kind, TABLE_INVALID
 * for rows that were made otherwise.
 */
export async function lookUp(job: Job, template: Template, layout: Layout): Promise<Found> {
  const { run, rows, clone, results } = job
  const { resume = false, seed: given } = run.options
  const key = { template: template.vmxPath, clone, rows }
  const state = await templateState(template)
  const earlier = resume ? await readManifest(layout, key) : undefined
  if (earlier !== undefined) refuseChanged(template, earlier.state, state)
  if (clone === 'linked') await checkStanding(job, template, layout)
  const rest: BatchRow[] = []
  const kept: Kept[] = []
  for (const row of rows) {
    const final = layout.final(row.name)
    if (!(await lstat(final).catch(() => undefined))) {
      rest.push(row)
      continue
    }
    const standing = resume ? await keptClone(final, row.name) : undefined
    if (standing === undefined)
      throw new VmcloneError(
        'TARGET_EXISTS',
        `${final} is there already${resume ? ', and holds no clone that a batch is known to have made there' : ''}`,
        resume ? { hint: 'Give another name or another --to, or remove it.' } : {},
      )
    kept.push({ row, clone: standing })
  }
  refuseOtherKind(kept, clone, layout)
  refuseFaults(kept.flatMap(({ row, clone }) => keptFaults(row, clone, layout.final(row.name))))
  for (const { row, clone } of kept)
    results.end(row, { status: 'unchanged', kept: true, identity: clone.card })
  const hosts = digestOf(run.options.rows)
  if (rest.length === 0) results.hosts = hostsOfBatch(asMade(run.options.rows, kept), earlier?.hostname)
  if (rest.length > 0 && kept.length > 0 && earlier?.hosts !== hosts) tellHosts(run)
  return { rest, seed: given ?? earlier?.seed ?? newSeed(), key, state, hosts }
}

/** Finds out what an earlier run finished, and keeps what a later one will need. Throws what lookUp throws. */
export async function takeUp(job: Job, template: Template, places: Places): Promise<TakenUp> {
  const { rest, key, ...begun } = await lookUp(job, template, places)
  const { seed, state } = begun
  if (rest.length > 0) await writeManifest(places, key, begun)
  return {
    rest,
    seed,
    guard: async () => refuseChanged(template, state, await templateState(template)),
    remember: async (hostname) => {
      if (hostname !== undefined) await writeManifest(places, key, { ...begun, hostname })
    },
  }
}

/** Rows whose kept clones are named as they were: with the domain that they got then. */
function asMade(rows: readonly BatchRow[], kept: readonly Kept[]): BatchRow[] {
  const names = new Map(kept.map(({ row, clone }) => [row, clone.hostname]))
  return rows.map((row) => {
    const hostname = names.get(row)
    return hostname === undefined ? row : { ...row, request: { ...row.request, hostname } }
  })
}

/** A linked clone that is called a full one would be believed to stand without its template. */
function refuseOtherKind(kept: readonly Kept[], asked: CloneKind, layout: Layout): void {
  const other = kept.find(({ clone: { linked } }) => linked !== undefined && linked !== (asked === 'linked'))
  if (other === undefined) return
  const is = other.clone.linked ? 'a linked clone' : 'a clone with disks of its own'
  throw new VmcloneError(
    'BAD_OPTION',
    `${layout.final(other.row.name)} is ${is}, and --clone ${asked} would keep it as it is`,
    { hint: 'Give --clone as the earlier run did, or remove what is to be made otherwise.' },
  )
}

/** Of what the hosts file of each clone says of the others. */
function digestOf(rows: readonly BatchRow[]): string {
  return createHash('sha256')
    .update(JSON.stringify(hostsOfBatch(rows)))
    .digest('hex')
}

function tellHosts(run: Job['run']): void {
  if ((run.options.hosts ?? 'all') !== 'all') return
  run.note({
    code: 'kept-hosts-left',
    message:
      'The table has other names or addresses than when the clones were made that are kept: their /etc/hosts says what it said then.',
    hint: 'Once all are made, a batch whose rows have the clones in a column vmx puts every hosts file right.',
  })
}

/** Linked clones that stand there already tell whether the template was started since. */
async function checkStanding({ run }: Job, template: Template, { to }: Layout): Promise<void> {
  const [first, ...more] = await brokenClones(to, template)
  if (first === undefined) return
  const others = more.length === 0 ? '' : `, and ${more.length} other disks in ${to}`
  const fact = `${template.vmxPath} was written to: ${first.disk} was made of its disk when that had the content id ${first.expected}, now it has ${first.found}${others}`
  if (!run.options.force) throw new VmcloneError('TEMPLATE_CHANGED', fact)
  run.note({ code: 'forced', message: `${fact}.`, hint: 'Those clones do not start any more.' })
}

function refuseChanged({ vmxPath }: Template, before: TemplateState, now: TemplateState): void {
  const [change] = changesOf(before, now)
  if (change !== undefined) throw new VmcloneError('TEMPLATE_CHANGED', `${vmxPath} was changed: ${change}`)
}
