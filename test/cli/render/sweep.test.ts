import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { renderBatch } from '../../../src/cli/render/batch/report.ts'
import { columnsOf } from '../../../src/cli/render/columns.ts'
import { batchPage } from '../../../src/cli/render/html/page.ts'
import { jsonBatch, jsonReport } from '../../../src/cli/render/json.ts'
import { look } from '../../../src/cli/render/paint.ts'
import { renderReport } from '../../../src/cli/render/report.ts'
import { renderSweep } from '../../../src/cli/render/sweep.ts'
import type { BatchReport } from '../../../src/workflow/batch/types.ts'
import type { Leftover, Sweep } from '../../../src/workflow/sweep/types.ts'
import { FIXED } from './reports.ts'

const leftover: Leftover = {
  path: '/etc/a\u001b.conf',
  line: 3,
  what: 'hostname',
  value: 'web1',
  text: 'see web1',
}
const secret: Leftover = { path: '/etc/b', line: 1, what: 'mac', value: '00:0c:29:3a:5b:7c' }
const SWEEP: Sweep = {
  leftovers: [leftover, secret],
  more: 0,
  skipped: [
    { path: '/etc/huge', why: 'large' },
    ...['a', 'b', 'c', 'd', 'e'].map((name) => ({ path: `/etc/${name}.db`, why: 'binary' as const })),
  ],
}
const screen = look(80, false)
const BATCH: BatchReport = {
  clones: [{ ...FIXED, line: 1 }],
  hosts: [],
  notices: [],
  template: 'base.vmx',
  clone: 'full',
  sweep: SWEEP,
  seconds: 1,
  timings: [],
}

describe('a sweep', () => {
  test('is told value by value, with what was skipped', () => {
    expect(renderSweep(SWEEP, screen)).toEqual([
      'Still names the old machine',
      '- host name web1',
      '    /etc/a\\x1b.conf:3  see web1',
      '- MAC address 00:0c:29:3a:5b:7c',
      '    /etc/b:1  (not shown)',
      '  Not searched: /etc/a.db, /etc/b.db, /etc/c.db and 2 more files (binary, with',
      '  an old value in it).',
      '  Not searched: /etc/huge (larger than 1 MiB).',
      '',
    ])
  })

  test('that found nothing is not told', () => {
    expect(renderSweep({ leftovers: [], more: 0, skipped: [] }, screen)).toEqual([])
    expect(renderSweep(undefined, screen)).toEqual([])
  })

  test('shows ten lines of a value and counts the rest', () => {
    const leftovers = Array.from({ length: 40 }, (_, at) => ({ ...leftover, line: at + 1 }))
    const lines = renderSweep({ leftovers, more: 60, skipped: [] }, screen)
    expect(lines.slice(-3)).toEqual(['    and 30 more lines', '- and 60 more lines that are not listed', ''])
    expect(lines).toHaveLength(15)
  })

  test.each([
    [80, ['    /etc/ssh/ssh_host_ed25519_key.pub:1  …AAAAAAAAAAAAAAAAAAAAAAAAAAAA root@web1']],
    [50, ['    /etc/ssh/ssh_host_ed25519_key.pub:1', `      …${'A'.repeat(33)} root@web1`]],
  ])('shows the value in a long line, at %i columns', (width, expected) => {
    const text = `ssh-ed25519 ${'A'.repeat(68)} root@web1`
    const path = '/etc/ssh/ssh_host_ed25519_key.pub'
    const found = { ...leftover, path, line: 1, text }
    const lines = renderSweep({ leftovers: [found], more: 0, skipped: [] }, look(width, false))
    expect(lines.slice(2, -1)).toEqual(expected)
  })

  test.prop([
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'grapheme' }),
    fc.integer({ min: 40, max: 90 }),
  ])('shows the value wherever it stands, and stays within the columns', (before, after, width) => {
    const found = { ...leftover, text: `${before.repeat(20)}web1${after.repeat(20)}` }
    const [, , ...lines] = renderSweep({ leftovers: [found], more: 0, skipped: [] }, look(width, false))
    expect(lines.join('\n')).toContain('web1')
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width)
  })

  test('stands in the report of a clone and of a batch, once', () => {
    const heading = /Still names the old machine/g
    expect(renderReport({ ...FIXED, sweep: SWEEP }, { diff: false }, screen).match(heading)).toHaveLength(1)
    expect([...renderBatch(BATCH, { diff: false }, screen)].join('').match(heading)).toHaveLength(1)
    const page = [...batchPage(BATCH, new Date(0))].join('')
    expect(page).toContain('/etc/a\\x1b.conf:3')
    expect(page).toContain('<code>see web1</code>')
  })

  test('of a clone that was there names the clone', () => {
    const { sweep: _, ...batch } = BATCH
    const clones = [{ ...FIXED, line: 1, sweep: SWEEP }]
    expect([...renderBatch({ ...batch, clones }, { diff: false }, screen)].join('')).toContain(
      'Still names the old machine in node1\n',
    )
  })

  test('is a list in the JSON document', () => {
    const alone = JSON.parse(jsonReport([{ ...FIXED, sweep: SWEEP }], { applied: true, seconds: 1 }))
    expect(alone.clones[0].sweep).toEqual(SWEEP)
    const batch = JSON.parse(Buffer.concat([...jsonBatch(BATCH, { applied: true })]).toString())
    expect(batch.sweep).toEqual(SWEEP)
    expect(batch.clones[0]).not.toHaveProperty('sweep')
  })
})
