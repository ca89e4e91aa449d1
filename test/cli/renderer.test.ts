import { describe, expect, test } from 'vitest'
import { rendererOf } from '../../src/cli/batch-output.ts'
import type { Values } from '../../src/cli/options/given.ts'
import { closingOf } from '../../src/cli/render/batch/closing.ts'
import { kindsOf } from '../../src/cli/render/batch/kinds.ts'
import { jsonBatch } from '../../src/cli/render/json.ts'
import type { BatchClone, BatchReport } from '../../src/workflow/batch/types.ts'
import { PLAN } from './render/batches.ts'

/** The plan with clones that count how often they are asked for their changes. */
function counting(): { report: BatchReport; asked: () => number } {
  let asked = 0
  const clones = PLAN.clones.map(
    (clone): BatchClone => ({
      ...clone,
      get changes() {
        asked++
        return clone.changes
      },
    }),
  )
  return { report: { ...PLAN, clones }, asked: () => asked }
}

const JSON_VALUES = { json: { value: true, source: { name: 'option', rank: 0 } } } as unknown as Values

describe('what is rendered of a clone when it is done', () => {
  test('is the same as later, and its changes are not asked for again', async () => {
    const { report, asked } = counting()
    const render = await rendererOf(JSON_VALUES, report.clones.length)
    for (const clone of report.clones) render(clone)
    expect(asked()).toBe(report.clones.length)
    expect([...jsonBatch(report, { applied: false })].join('')).toBe(
      [...jsonBatch(PLAN, { applied: false })].join(''),
    )
    expect(asked()).toBe(report.clones.length)
  })

  test('for a person is what is said of all', async () => {
    const { report, asked } = counting()
    const render = await rendererOf({}, report.clones.length)
    for (const clone of report.clones) render(clone)
    expect(closingOf(report)).toBe(closingOf(PLAN))
    expect(kindsOf(report.clones).map(({ count }) => count)).toEqual(
      kindsOf(PLAN.clones).map(({ count }) => count),
    )
    expect(asked()).toBe(report.clones.length)
  })
})
