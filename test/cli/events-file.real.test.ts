import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openEvents } from '../../src/cli/events-file.ts'
import { VmcloneError } from '../../src/errors/index.ts'
import { BATCH } from './render/batches.ts'

let cwd: string
let told: string
const stderr = { write: (text: string) => (told += text) }

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'events-'))
  told = ''
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

const started = { type: 'clone', vmx: 'a/a.vmx', name: 'a', step: 'copying' } as const

describe('the file of --events', () => {
  test('holds each event as soon as it happened', () => {
    const file = join(cwd, 'events')
    const events = openEvents('events', { stderr, cwd })
    expect(linesOf(file)).toEqual([{ version: 1, type: 'begin', time: expect.stringMatching(/^\d{4}-.*Z$/) }])
    events.onEvent({ type: 'stage', vmx: 'base.vmx', stage: 'launch' })
    expect(linesOf(file)[1]).toMatchObject({ type: 'stage', vmx: 'base.vmx', stage: 'launch' })
    const error = new VmcloneError('DISK_MISSING', 'a.vmdk is not there', { hint: 'Copy it.' })
    events.onEvent({ ...started, step: 'failed', error })
    expect(linesOf(file)[2]).toEqual({
      time: expect.any(String),
      type: 'clone',
      vmx: 'a/a.vmx',
      name: 'a',
      step: 'failed',
      code: 'DISK_MISSING',
      message: 'a.vmdk is not there',
      hint: 'Copy it.',
    })
    events.end({ exit: 5, report: BATCH })
    expect(linesOf(file)[3]).toMatchObject({ type: 'end', exit: 5, total: 6, fixed: 3, failed: 2, kept: 1 })
    expect(told).toBe('')
  })

  test('says why a run ended', () => {
    const events = openEvents('events', { stderr, cwd })
    events.end({ exit: 2, error: new VmcloneError('BAD_OPTION', 'no', { hint: 'yes' }) })
    expect(linesOf(join(cwd, 'events'))[1]).toMatchObject({
      type: 'end',
      exit: 2,
      code: 'BAD_OPTION',
      message: 'no',
    })
  })

  test.each(['.', 'missing/events'])('%s is refused before anything begins', (file) => {
    expect(() => openEvents(file, { stderr, cwd })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
  })

  test('a full disk is told once and stops nothing', () => {
    symlinkSync('/dev/full', join(cwd, 'events'))
    const events = openEvents('events', { stderr, cwd })
    events.onEvent(started)
    events.end({ exit: 0 })
    expect(told).toMatch(/^vmclone-fix: --events ends early: ENOSPC.*\n$/)
  })
})

describe('a pipe', () => {
  test('that nobody reads is refused', async () => {
    await execa('mkfifo', [join(cwd, 'pipe')])
    expect(() => openEvents('pipe', { stderr, cwd })).toThrow(/nobody reads/)
  })

  test('is followed by its reader', async () => {
    await execa('mkfifo', [join(cwd, 'pipe')])
    const reader = execa('cat', ['pipe'], { cwd })
    const events = await untilRead(() => openEvents('pipe', { stderr, cwd }))
    events.onEvent(started)
    events.end({ exit: 0 })
    expect((await reader).stdout.split('\n').map((line) => JSON.parse(line).type)).toEqual([
      'begin',
      'clone',
      'end',
    ])
  })

  test('whose reader goes away is told once', async () => {
    await execa('mkfifo', [join(cwd, 'pipe')])
    const reader = execa('head', ['-n', '1', 'pipe'], { cwd })
    const events = await untilRead(() => openEvents('pipe', { stderr, cwd }))
    await reader
    events.onEvent(started)
    events.onEvent(started)
    events.end({ exit: 0 })
    expect(told).toMatch(/^vmclone-fix: --events ends early: EPIPE.*\n$/)
  })

  test('whose reader takes nothing holds up nothing', async () => {
    await execa('mkfifo', [join(cwd, 'pipe')])
    const reader = execa('bash', ['-c', 'exec sleep 60 <pipe'], { cwd })
    const events = await untilRead(() => openEvents('pipe', { stderr, cwd }))
    for (let count = 0; count < 5000; count++) events.onEvent(started)
    events.end({ exit: 0 })
    expect(told).toBe('vmclone-fix: --events ends early: its reader is too slow\n')
    reader.kill()
    await reader.catch(() => {})
  })
})

/** A reader needs a moment to be there. */
async function untilRead<T>(open: () => T): Promise<T> {
  for (;;) {
    try {
      return open()
    } catch (error) {
      if (!/nobody reads/.test((error as Error).message)) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
