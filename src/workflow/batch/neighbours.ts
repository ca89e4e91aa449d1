import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { asVmcloneError, VmcloneError } from '../../errors/index.ts'
import { hostnameOf } from '../../identity/hostname.ts'
import { locateVmx, readVmx } from '../../machine/read.ts'
import { hostVmnets } from '../../network/vmnet/read.ts'
import { recallFixed } from '../record.ts'
import { type BatchFacts, type Neighbour, type StandingVm, standingVm, type Unreadable } from './facts.ts'
import type { BatchOptions, BatchRow } from './types.ts'

/** Files read at a time. */
const AT_ONCE = 32

/** The directory that the clones are made in; undefined if every row names a VM that exists. */
export function targetDirectory({ template, to }: Pick<BatchOptions, 'template' | 'to'>): string | undefined {
  return to ?? (template === undefined ? undefined : dirname(dirname(resolve(template))))
}

/**
 * Reads what the rows of a batch are checked against: the template's .vmx, those that rows name, every VM under --to, this
 * host's VMnets. Nothing is written. Throws VMX_NOT_FOUND and VMX_MALFORMED for the template, BAD_OPTION where one is needed.
 */
export async function readFacts(
  options: Pick<BatchOptions, 'rows' | 'template' | 'to'>,
): Promise<BatchFacts> {
  const { rows, template } = options
  const made = rows.find(({ vmx }) => vmx === undefined)
  if (made !== undefined && template === undefined) {
    throw new VmcloneError(
      'BAD_OPTION',
      `${made.name} in line ${made.line} has no vmx, and there is no template`,
      {
        hint: 'Give --template BASE.vmx, or the path of each clone in a column vmx.',
      },
    )
  }
  const to = made === undefined && options.to === undefined ? undefined : targetDirectory(options)
  const names = to === undefined ? [] : await entriesOf(to)
  const own = template === undefined ? undefined : await readStanding(template)
  const existing = new Map<BatchRow, StandingVm | Unreadable>()
  await each(rows, async (row) => {
    const { vmx } = row
    if (vmx === undefined) return
    try {
      existing.set(row, await readStanding(vmx))
    } catch (thrown) {
      const { message, hint } = asVmcloneError(thrown)
      existing.set(row, { fault: { message, hint } })
    }
  })
  const known = new Set([own, ...existing.values()].flatMap((vm) => (vm && 'vmx' in vm ? vm.vmx : [])))
  const neighbours = to === undefined ? [] : await readNeighbours(to, names)
  const home = neighbours.find(({ vmx }) => vmx === own?.vmx)?.directory
  return {
    ...(own === undefined ? {} : { template: own }),
    ...(home === undefined ? {} : { templateDirectory: home }),
    existing,
    entries: new Set(names.map(({ name }) => name)),
    neighbours: neighbours.filter(({ vmx }) => !known.has(vmx)),
    vmnets: await hostVmnets(),
    ...(to === undefined ? {} : { to }),
  }
}

async function readStanding(path: string): Promise<StandingVm> {
  const real = await locateVmx(path)
  return standingVm(real, await readVmx(real))
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    const fact = code === 'ENOTDIR' ? 'is no directory' : `cannot be read (${code})`
    throw new VmcloneError('BAD_OPTION', `${directory} ${fact}`, {
      cause,
      hint: 'Give --to a directory, which may be one that does not exist yet.',
    })
  }
}

/** VMs one level below a directory. What cannot be read is no VM of anybody. */
async function readNeighbours(to: string, entries: readonly Dirent[]): Promise<Neighbour[]> {
  const neighbours: Neighbour[] = []
  await each(entries, async (entry) => {
    if (entry.name.startsWith('.') || entry.isFile()) return
    const directory = join(to, entry.name)
    const files = await readdir(directory).catch(() => [])
    for (const file of files.filter((name) => /\.vmx$/i.test(name)).sort()) {
      const vm = await readStanding(join(directory, file)).catch(() => undefined)
      if (vm === undefined) continue
      const fixed = await recallFixed({ directory, vmxPath: vm.vmx }).catch(() => undefined)
      const { addresses = {}, hostname } = fixed ?? {}
      neighbours.push({
        ...{ ...vm, directory: entry.name, addresses: Object.values(addresses) },
        hostnames: hostname === undefined ? [] : Object.values(hostnameOf(hostname)),
      })
    }
  })
  return neighbours
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
