import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { startBatchProgress } from '../../../src/cli/progress/batch.ts'
import { currentLines, failureLines, totalLine } from '../../../src/cli/progress/batch-lines.ts'
import { plainBatch } from '../../../src/cli/progress/batch-plain.ts'
import { BatchState } from '../../../src/cli/progress/batch-state.ts'
import { Estimate, leftOf } from '../../../src/cli/progress/estimate.ts'
import { columnsOf } from '../../../src/cli/render/columns.ts'
import { VmcloneError } from '../../../src/errors/index.ts'
import type { CloneStep, Event } from '../../../src/events.ts'

const event = (name: string, step: CloneStep, error?: VmcloneError) =>
  ({ type: 'clone', vmx: `${name}.vmx`, name, step, ...(error ? { error } : {}) }) as const

const broken = new VmcloneError('DISK_MISSING', 'the disk is not there')

describe('the state of a batch', () => {
  test('counts each clone once, and lists those that are worked on', () => {
    const state = new BatchState(5)
    for (const one of [
      event('a', 'waiting'),
      event('a', 'copying'),
      event('b', 'editing'),
      event('c', 'kept'),
    ])
      state.on(one, 1)
    expect(state.current).toEqual([
      { name: 'a', step: 'copying' },
      { name: 'b', step: 'editing' },
    ])
    expect(state.on(event('a', 'failed', broken), 2)).toEqual({ name: 'a', error: broken })
    state.on(event('a', 'failed', broken), 2)
    state.on(event('b', 'done'), 3)
    state.on(event('b', 'checking'), 3)
    expect(state).toMatchObject({ done: 1, kept: 1, failed: 1, current: [] })
  })
})

describe('the estimate', () => {
  test('says nothing until clones have finished at three moments', () => {
    const estimate = new Estimate()
    estimate.begin(0)
    for (let count = 0; count < 500; count++) estimate.finished(10 + count / 1e4)
    expect(estimate.left(500, 10)).toBeUndefined()
    estimate.finished(20)
    expect(estimate.left(400, 20)).toBeUndefined()
    estimate.finished(30)
    expect(estimate.left(300, 30)).toBeCloseTo((300 * 30) / 502)
  })

  test.prop([fc.integer({ min: 4, max: 200 }), fc.integer({ min: 1, max: 30 })])(
    'is right where clones finish evenly',
    (total, each) => {
      const estimate = new Estimate()
      estimate.begin(100)
      const half = Math.max(3, total / 2)
      for (let count = 1; count <= half; count++) estimate.finished(100 + count * each)
      const now = 100 + Math.floor(half) * each
      expect(estimate.left(total - Math.floor(half), now)).toBeCloseTo((total - Math.floor(half)) * each)
    },
  )

  test('becomes less between two clones, and is silent where none finishes for long', () => {
    const estimate = new Estimate()
    estimate.begin(0)
    for (const at of [10, 20, 30]) estimate.finished(at)
    expect(estimate.left(6, 35)).toBe(55)
    expect(estimate.left(6, 61)).toBeUndefined()
  })

  test.each([
    [2, 'a few seconds left'],
    [38, 'about 40 s left'],
    [58, 'about 1 min left'],
    [200, 'about 3 min left'],
    [3600, 'about 1 h left'],
    [4300, 'about 1 h 10 min left'],
    [7195, 'about 2 h left'],
  ])('%i s: %s', (seconds, words) => {
    expect(leftOf(seconds)).toBe(words)
  })
})

describe('lines of a live list', () => {
  const state = new BatchState(1000)
  for (let count = 0; count < 412; count++) state.on(event(`done${count}`, 'done'), count)
  for (const name of ['x', 'y']) state.on(event(name, 'failed', broken), 412)
  for (let count = 0; count < 30; count++) state.on(event(`節點${count}\u001b[2J\u202e`, 'stamping'), 412)

  test.each([
    [60, '412 of 1000 clones, 2 failed, about 40 s left'],
    [40, '412 of 1000 clones, 2 failed'],
    [20, '412/1000, 2 failed'],
    [10, '412/1000'],
  ])('the total in %i columns', (width, line) => {
    expect(totalLine(state, 38, width)).toBe(line)
  })

  test.prop([fc.integer({ min: 12, max: 300 }), fc.integer({ min: 0, max: 20 })])(
    'fit any width',
    (width, most) => {
      const lines = currentLines(state, most, width)
      expect(lines.length).toBeLessThanOrEqual(most)
      const failure = failureLines({ name: 'ノード\u001b[31m', error: broken }, width)
      for (const line of [...lines, ...failure, totalLine(state, 38, width)]) {
        expect(columnsOf(line)).toBeLessThanOrEqual(width)
        expect(line).not.toMatch(/[\u0000-\u001f\u202e]/)
      }
    },
  )

  test('beyond the most, the last line counts the others', () => {
    expect(currentLines(state, 8, 80)).toHaveLength(8)
    expect(currentLines(state, 8, 80).at(-1)).toBe('and 23 more')
  })
})

describe('plain lines', () => {
  async function told(events: readonly (Event | number)[], details = false, total = 1000): Promise<string[]> {
    let [text, now] = ['', 0]
    const output = { write: (part: string) => (text += part) }
    const progress = plainBatch(output, { total, details, now: () => now })
    for (const one of events) {
      if (typeof one === 'number') now += one
      else progress.onEvent(one)
    }
    await progress.end(true)
    await progress.end(true)
    return text.split('\n').slice(0, -1)
  }

  test('are few for a thousand clones', async () => {
    const events = Array.from({ length: 1000 }, (_, index) => [
      event(`n${index}`, 'copying'),
      0.1,
      event(`n${index}`, 'done'),
    ]).flat()
    const lines = await told([{ type: 'stage', vmx: 'b.vmx', stage: 'plan' }, ...events])
    expect(lines[0]).toBe('vmclone-fix: planning …')
    expect(lines.length).toBeLessThanOrEqual(13)
    expect(lines[5]).toMatch(/^vmclone-fix: \d+ of 1000 clones, about \d+ s left$/)
    expect(lines.at(-1)).toBe('vmclone-fix: 1000 of 1000 clones, after 100.0 s')
  })

  test('come every ten seconds where little happens, and at each failure', async () => {
    const events = [event('a', 'copying'), 11, event('b', 'copying'), 1, event('a', 'failed', broken)]
    expect(await told(events)).toEqual([
      'vmclone-fix: 0 of 1000 clones; 2 copying the disks',
      'vmclone-fix: a failed: the disk is not there (DISK_MISSING)',
      'vmclone-fix: 0 of 1000 clones, 1 failed, after 12.0 s',
    ])
  })

  test('name what is done meanwhile, each step with its number', async () => {
    const steps = [event('a', 'copying'), event('b', 'editing'), event('c', 'editing')]
    expect(await told([...steps, 11, event('d', 'checking')])).toContain(
      'vmclone-fix: 0 of 1000 clones; 1 copying the disks, 2 writing the changes, 1 reading back',
    )
    expect(await told([event('a', 'editing'), 11, event('a', 'checking')], false, 1)).toContain(
      'vmclone-fix: 0 of 1 clone; reading back',
    )
  })

  test('name the appliance’s stage while no clone is worked on', async () => {
    const launch = { type: 'stage', vmx: 'b.vmx', stage: 'launch' } as const
    expect(await told([event('a', 'waiting'), launch, 11, event('b', 'waiting')])).toContain(
      'vmclone-fix: 0 of 1000 clones; starting the appliance',
    )
  })

  test('are few for a burst', async () => {
    const events = Array.from({ length: 1000 }, (_, index) => event(`n${index}`, 'done'))
    expect(await told(events)).toEqual(['vmclone-fix: 1000 of 1000 clones, after 0.0 s'])
  })

  test('tell every step with --verbose', async () => {
    expect(await told([event('a\u001b', 'copying'), event('a\u001b', 'stamping')], true)).toContain(
      'vmclone-fix: a\\x1b: stamping its own contents',
    )
  })

  test('are none with --quiet', async () => {
    let text = ''
    const stderr = { write: (part: string) => (text += part) }
    const terminal = { stdout: stderr, stderr, environment: {}, cwd: '/' }
    const progress = await startBatchProgress({ terminal, quiet: true, verbose: false, total: 1 })
    progress.onEvent(event('a', 'failed', broken))
    await progress.end(false)
    expect(text).toBe('')
  })
})
