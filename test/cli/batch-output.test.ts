import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { showBatch } from '../../src/cli/batch-output.ts'
import type { Values } from '../../src/cli/options/given.ts'
import { VmcloneError } from '../../src/errors/index.ts'
import type { BatchReport } from '../../src/workflow/batch/types.ts'
import { BATCH, batch, clone, many, PLAN } from './render/batches.ts'

let cwd: string

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'batch-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const source = { name: 'option', rank: 0 } as never
const switches = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { value: true, source }])) as Values

async function shown(
  report: BatchReport,
  values: Values = {},
  more: { page?: string; aborted?: boolean } = {},
) {
  let [out, err] = ['', '']
  const stdout = { write: (text: string) => (out += text) }
  const stderr = { write: (text: string) => (err += text) }
  const controller = new AbortController()
  if (more.aborted) controller.abort()
  const terminal = { stdout, stderr, environment: {}, cwd }
  const exit = await showBatch(report, { values, terminal, signal: controller.signal }, more.page)
  return { exit, out, err }
}

describe('the end of a batch', () => {
  test.each([
    ['all done', many(3), false, 0],
    ['a plan', PLAN, false, 0],
    ['some failed', BATCH, false, 5],
    ['some failed by an interruption', BATCH, true, 130],
    ['all done before the interruption', many(3), true, 0],
  ])('%s', async (_what, report, aborted, exit) => {
    expect((await shown(report, {}, { aborted })).exit).toBe(exit)
  })

  test('with --json the document is the whole of stdout', async () => {
    const { out, err } = await shown(PLAN, switches('json', 'dry-run'))
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      applied: false,
      clones: [{ status: 'planned' }, {}, {}],
    })
    expect(err).toBe('')
  })

  test('the page is written besides', async () => {
    const { out } = await shown(BATCH, {}, { page: 'page.html' })
    expect(out).toContain('node1')
    expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toMatch(/^<!DOCTYPE html>[\s\S]*<\/html>\n$/)
  })

  test('a page that cannot be written is told, and is the exit status unless clones failed', async () => {
    const { exit, out, err } = await shown(many(2), {}, { page: 'missing/page.html' })
    expect(exit).toBe(4)
    expect((await shown(BATCH, {}, { page: 'missing/page.html' })).exit).toBe(5)
    expect((await shown(BATCH, {}, { page: 'missing/page.html', aborted: true })).exit).toBe(130)
    expect(out).toContain('All 2 linked clones are done')
    expect(err).toMatch(/^vmclone-fix: the page could not be written: ENOENT/)
  })

  test('--verbose tells what lies beneath an error', async () => {
    const error = new VmcloneError('INTERNAL', 'internal error: oops', { cause: new Error('beneath') })
    const report = batch([clone(1, { status: 'failed', error }), clone(2, { status: 'failed', error })])
    const { err } = await shown(report, switches('verbose'))
    expect(err.match(/Error: beneath/g)).toHaveLength(1)
    expect((await shown(report)).err).toBe('')
  })
})
