import { describe, expect, test } from 'vitest'
import { digesting } from '../../src/cli/batch-output.ts'
import type { Values } from '../../src/cli/options/given.ts'
import { closingOf } from '../../src/cli/render/batch/closing.ts'
import { kindsOf } from '../../src/cli/render/batch/kinds.ts'
import { batchPage } from '../../src/cli/render/html/page.ts'
import { jsonBatch } from '../../src/cli/render/json.ts'
import { loadDigester } from '../../src/workflow/batch/digest.ts'
import type { BatchClone, BatchReport } from '../../src/workflow/batch/types.ts'
import { PLAN } from './render/batches.ts'

const source = { name: 'option', rank: 0 } as never
const JSON_DOCUMENT: Values = { json: { value: true, source } }

/** The plan with what is kept of its clones, which count how often they are asked for their changes. */
async function digested(values: Values): Promise<{ report: BatchReport; asked: () => number }> {
  let asked = 0
  const digest = await loadDigester(await digesting(values, PLAN.clones.length))
  const clones = PLAN.clones.map(
    (clone): BatchClone => ({
      ...clone,
      digest: digest?.(clone.name, clone.changes),
      get changes() {
        asked++
        return clone.changes
      },
    }),
  )
  return { report: { ...PLAN, clones }, asked: () => asked }
}

describe('what is kept of the changes of a clone', () => {
  test('is what the JSON document says of them', async () => {
    const { report, asked } = await digested(JSON_DOCUMENT)
    const text = Buffer.concat([...jsonBatch(report, { applied: false })]).toString()
    expect(text).toBe(Buffer.concat([...jsonBatch(PLAN, { applied: false })]).toString())
    expect(asked()).toBe(0)
  })

  test('is what a person is told of all', async () => {
    const { report, asked } = await digested({})
    expect(closingOf(report)).toBe(closingOf(PLAN))
    expect(kindsOf(report.clones).map(({ count }) => count)).toEqual(
      kindsOf(PLAN.clones).map(({ count }) => count),
    )
    expect(asked()).toBe(0)
  })

  test('does for a page, which asks for the changes of each clone once', async () => {
    const { report, asked } = await digested({ report: { value: 'page.html', source } })
    expect([...batchPage(report, new Date(0))].join('')).toBe([...batchPage(PLAN, new Date(0))].join(''))
    expect(asked()).toBe(report.clones.length)
  })
})
