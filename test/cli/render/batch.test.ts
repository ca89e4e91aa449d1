import { describe, expect, test } from 'vitest'
import { closingOf } from '../../../src/cli/render/batch/closing.ts'
import { groupErrors, groupNotices } from '../../../src/cli/render/batch/group.ts'
import { renderBatch } from '../../../src/cli/render/batch/report.ts'
import { renderTable } from '../../../src/cli/render/batch/table.ts'
import { columnsOf } from '../../../src/cli/render/columns.ts'
import { diffLimitOf, jsonBatch } from '../../../src/cli/render/json.ts'
import { look } from '../../../src/cli/render/paint.ts'
import type { BatchReport } from '../../../src/workflow/batch/types.ts'
import { BATCH, batch, clone, many, PLAN } from './batches.ts'

const screens = '../../../fixtures/cli'

const shown = (report: BatchReport, width: number, diff = false) =>
  [...renderBatch(report, { diff }, look(width, false))].join('')

describe('a batch for people', () => {
  test.each([
    ['batch', BATCH, 100],
    ['batch-wide', BATCH, 180],
    ['batch-narrow', BATCH, 40],
    ['batch-planned', PLAN, 100],
  ] as const)('reads as fixtures/cli/%s.txt', async (name, report, width) => {
    await expect(shown(report, width)).toMatchFileSnapshot(`${screens}/${name}.txt`)
  })

  test.each([62, 80, 100, 140, 200, 300])('its table stays within %i columns', (width) => {
    for (const report of [BATCH, PLAN, many(300)]) {
      const long = [...renderTable(report.clones, look(width, false))].filter(
        (line) => columnsOf(line) > width,
      )
      expect(long).toEqual([])
    }
  })

  test.each([40, 50, 80, 100])('stays within %i columns beneath its table', (width) => {
    for (const report of [BATCH, PLAN, many(300)]) {
      const table = [...renderTable(report.clones, look(width, false))].length
      const [text = ''] = shown(report, width).split('\n--- a')
      const long = text
        .split('\n')
        .slice(table)
        .filter((line) => columnsOf(line) > width)
      expect(long).toEqual([])
    }
  })

  test('names the scripts that ran in each clone once, and no others', () => {
    const scripts = [{ file: '/x/web.gf', commands: 5 }]
    const scripted = [
      clone(1, { scripts }),
      clone(2, { scripts }),
      clone(3, { status: 'failed', changes: [] }),
    ]
    expect(shown(batch(scripted), 100)).toContain(
      'Scripts that ran afterwards in each clone\n  /x/web.gf: 5 commands\n\n',
    )
    const planned = scripted.map((one) => ({ ...one, status: 'planned' as const }))
    expect(shown(batch(planned), 100)).toContain('would run afterwards in each clone; a dry run runs none\n')
    expect(shown(BATCH, 100)).not.toContain('Scripts')
  })

  test('names every clone at any width', () => {
    for (const width of [20, 40, 60, 80]) {
      const text = shown(many(40), width)
      for (let index = 1; index <= 40; index++) expect(text).toMatch(new RegExp(`^node${index}\\b`, 'm'))
    }
  })

  test('shows every difference with --diff, nothing secret and nothing that a terminal obeys', () => {
    const text = shown(BATCH, 100, true)
    expect(text.match(/^\+ethernet0.addressType = "static"$/gm)).toHaveLength(3)
    expect(text).not.toMatch(/PRIVATE|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
  })

  test('a dry run shows the difference of one clone of each kind', () => {
    const other = clone(9, { status: 'planned', changes: clone(9).changes.slice(1) })
    const text = shown(batch([...PLAN.clones, other]), 100)
    expect(text.match(/^-debian$/gm)).toHaveLength(2)
    expect(text).toContain('What would change in node1, and likewise in 2 others:')
    expect(text).toContain('What would change in node9:')
  })
})

describe('what several clones say', () => {
  test('is said once, with their number', () => {
    expect(groupNotices(many(300))).toEqual([
      {
        code: 'tcg-used',
        hint: 'vmclone-fix doctor tells more.',
        messages: [{ message: expect.any(String), clones: expect.objectContaining({ length: 300 }) }],
      },
    ])
    const text = shown(many(300), 300)
    expect(text.match(/KVM is broken/g)).toHaveLength(1)
    expect(text).toContain('(300 clones: node1, node2, node3 and 297 more)')
  })

  test('differs in particulars: three, and how many more', () => {
    const clones = Array.from({ length: 10 }, (_, index) =>
      clone(index, { notices: [{ code: 'prefix-assumed', message: `no prefix for 10.0.0.${index}` }] }),
    )
    const text = shown(batch(clones), 100)
    expect(text.match(/no prefix for/g)).toHaveLength(3)
    expect(text).toContain('and the same of 7 more clones')
  })

  test('why they failed is told of each', () => {
    expect(groupErrors(BATCH)[0]?.messages.map(({ clones }) => clones)).toEqual([['node5'], ['node6']])
  })
})

describe('the closing sentence', () => {
  test.each([
    [
      BATCH,
      /^4 of 6 linked clones are done after 31\.2 s: 2 stamped, 1 edited, 1 by an earlier run\. 1 was opened once more afterwards and compared\. 2 failed\. Run the same command again with --resume/,
    ],
    [many(3), /^All 3 linked clones are done .* They can be powered on\.$/],
    [
      batch([clone(1, { readBack: true })]),
      /^1 linked clone is done after 31\.2 s: 1 stamped\. 1 was opened once more afterwards and compared\. It can/,
    ],
    [
      PLAN,
      /^3 linked clones would be made, with changes to 3 VM files, 12 guest files and 3 disk ids\. Nothing was written/,
    ],
  ])('case %#', (report, sentence) => {
    expect(closingOf(report)).toMatch(sentence)
  })

  test('names no --resume where there is no template', () => {
    const { template: _template, ...rest } = BATCH
    expect(closingOf(rest)).toMatch(/Run the same command again: what is done stays as it is\.$/)
  })
})

describe('the JSON document of a batch', () => {
  const text = (report: BatchReport) => Buffer.concat([...jsonBatch(report, { applied: true })]).toString()

  test.each([BATCH, PLAN, batch([]), many(3)])('is laid out as one written at once: case %#', (report) => {
    expect(text(report)).toBe(`${JSON.stringify(JSON.parse(text(report)), undefined, 2)}\n`)
  })

  test('has the keys of the contract, and what a batch adds', () => {
    expect(JSON.parse(text(BATCH))).toMatchObject({
      version: 1,
      applied: true,
      template: 'base/base.vmx',
      clone: 'linked',
      clones: [
        {
          name: 'node1',
          line: 2,
          status: 'fixed',
          how: 'stamped',
          readBack: true,
          identity: { hostname: 'node1' },
        },
        { how: 'edited' },
        { kept: true },
        { name: expect.stringContaining('<script>') },
        { status: 'failed', error: { code: 'DISK_MISSING' } },
        {},
      ],
      hosts: expect.arrayContaining([{ address: '192.168.8.1', names: ['node1'] }]),
      notices: [],
      timings: expect.arrayContaining([{ what: 'stamping', seconds: 0.25 }]),
      seconds: 31.24,
    })
  })

  test('comes clone by clone', () => {
    const pieces = [...jsonBatch(many(100), { applied: true })]
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(Buffer.concat(pieces).length / 20)
  })

  test.each([
    [1, 65_536],
    [512, 65_536],
    [10_000, 3355],
    [1_000_000, 2048],
  ])('for %i clones a difference has at most %i bytes', (clones, limit) => {
    expect(diffLimitOf(clones)).toBe(limit)
  })
})
