import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { seededDraw } from '../../../src/identity/draw.ts'
import { drawMac } from '../../../src/identity/mac.ts'
import type { BatchOptions, BatchRow } from '../../../src/workflow/batch/types.ts'
import { useDirectory } from '../../support/disks.ts'
import { readGolden } from '../../support/golden.ts'
import { makeTemplate } from '../../support/template.ts'
import { transpiledSource } from '../../support/transpile.ts'
import { row } from './facts.ts'

const directory = useDirectory()
const SEED = 'a seed'
const GUEST = readGolden('fixtures/guests/debian12-ifupdown-static-to-static').before

let source: Awaited<ReturnType<typeof transpiledSource>>

beforeAll(async () => {
  source = await transpiledSource()
})

beforeEach(() =>
  makeTemplate(join(directory(), 'vms/base'), {
    vmx: ['ethernet0.present = "TRUE"', 'ethernet0.generatedAddress = "00:0c:29:00:00:01"'],
  }),
)

afterAll(() => source.remove())

/** Threads need JavaScript, and all that share a class must come from the same file. */
async function modules() {
  const load = <T>(path: string): Promise<T> => import(pathToFileURL(join(source.directory, path)).href)
  return {
    ...(await load<typeof import('../../../src/workflow/batch/plan-apart.ts')>(
      'workflow/batch/plan-apart.js',
    )),
    ...(await load<typeof import('../../../src/workflow/batch/plan-threads.ts')>(
      'workflow/batch/plan-threads.js',
    )),
    ...(await load<typeof import('../../../src/workflow/batch/draft-all.ts')>('workflow/batch/draft-all.js')),
    ...(await load<typeof import('../../../src/workflow/batch/ground.ts')>('workflow/batch/ground.js')),
    ...(await load<typeof import('../../../src/workflow/batch/results.ts')>('workflow/batch/results.js')),
    ...(await load<typeof import('../../../src/workflow/batch/digest.ts')>('workflow/batch/digest.js')),
    ...(await load<typeof import('../../../src/workflow/run.ts')>('workflow/run.js')),
    ...(await load<typeof import('../../../src/workflow/survey-guest.ts')>('workflow/survey-guest.js')),
    ...(await load<typeof import('../../../src/workflow/select.ts')>('workflow/select.js')),
    ...(await load<typeof import('../../../src/machine/clone/template.ts')>('machine/clone/template.js')),
    ...(await load<typeof import('../../../src/guest/tree.ts')>('guest/tree.js')),
  }
}

/** Names whose clones draw the same MAC. */
function rivals(): [string, string] {
  const seen = new Map<string, string>()
  for (let index = 0; index < 100_000; index++) {
    const name = `rival${index}`
    const mac = drawMac(seededDraw(SEED, name))
    const other = seen.get(mac)
    if (other !== undefined) return [other, name]
    seen.set(mac, name)
  }
  throw new Error('no two draw the same')
}

/** What a dry run of these rows says of each, planned by threads or one after the other. */
async function planned(rows: readonly BatchRow[], way: 'here' | 'apart' | 'ended' | 'ending') {
  const of = await modules()
  const vmx = join(directory(), 'vms/base/base.vmx')
  const digest = { module: pathToFileURL(join(source.directory, 'cli/render/batch/digester.js')).href }
  const settings = { brief: true, json: true, clones: rows.length }
  let onEvent = (): void => undefined
  const run = new of.Run<BatchOptions>(
    { rows, digest: { ...digest, settings }, onEvent: () => onEvent() },
    { vmx },
  )
  const { template } = await of.readTemplate(vmx, 'linked')
  const operations = of.selectOperations({ enable: [], disable: [] })
  const tree = new of.GuestTree(GUEST.nodes())
  const ground = of.groundOf(
    template,
    { machine: template, guest: of.surveyGuest(tree, false), vmnets: [] },
    {
      ...{ operations, to: join(directory(), 'vms'), seed: SEED },
      taken: { macs: new Set(), uuids: new Set() },
      hostsBlock: rows.map(({ name }, index) => ({ address: `10.0.0.${index + 1}`, names: [name] })),
    },
  )
  const digester = await of.loadDigester(run.options.digest)
  const results = new of.Results(run, { rows, to: 'vms', digest: digester })
  const job = {
    ...({ run, template: vmx, to: join(directory(), 'vms'), clone: 'linked', rows, results } as const),
    taken: ground.taken,
  }
  if (way === 'here') {
    await of.draftAll(run, ground, rows, (clone) => results.done(clone, { status: 'planned' }))
    return results.clones
  }
  const threads = of.PlanThreads.start(2)
  if (threads === undefined) throw new Error('there are no threads')
  try {
    if (way === 'ended') await threads.close()
    if (way === 'ending') {
      onEvent = () => {
        onEvent = () => undefined
        void threads.close()
      }
    }
    const outlined = vi.spyOn(results, 'outlined')
    await of.planApart(job, ground, { threads, seed: SEED, end: { status: 'planned' } })
    // Of the rivals, the later one is planned here.
    if (way === 'apart') expect(outlined).toHaveBeenCalledTimes(rows.length - 1)
    return results.clones
  } finally {
    await threads.close()
  }
}

function shown(clones: Awaited<ReturnType<typeof planned>>) {
  return clones.map(({ seconds: _, digest, changes, ...clone }) => {
    const { json, brief } = digest as { json: Uint8Array; brief: unknown }
    return { ...clone, brief, json: Buffer.from(json).toString(), paths: changes.map(({ path }) => path) }
  })
}

const nodes = Array.from({ length: 120 }, (_, index) =>
  row(index + 2, `node${index}`, { ip: `192.168.8.${index + 10}`, prefix: 24, gateway: '192.168.8.2' }),
)

describe('clones that are planned in threads', () => {
  test('are as if they were planned here, one after the other, also where two draw the same', async () => {
    const [first, second] = rivals()
    const rows = [row(200, first), ...nodes, row(201, second)]
    const apart = shown(await planned(rows, 'apart'))
    expect(apart).toEqual(shown(await planned(rows, 'here')))
    const macs = apart.map(({ identity }) => identity?.nics[0]?.mac)
    expect(new Set(macs).size).toBe(rows.length)
  })

  test.each(['ended', 'ending'] as const)('are planned here if the threads are %s', async (way) => {
    const rows = Array.from({ length: 5 }, () => nodes)
      .flat()
      .map((one, index) => ({ ...one, name: `n${index}` }))
    expect(shown(await planned(rows, way))).toEqual(shown(await planned(rows, 'here')))
  })

  test('are refused together', async () => {
    const wrong = [1, 70].map((line) => row(line, `wrong${line}`, { device: 'ethernet7' }))
    await expect(planned([...nodes, ...wrong], 'apart')).rejects.toMatchObject({
      code: 'TABLE_INVALID',
      faults: [{ line: 1 }, { line: 70 }],
    })
  })
})
