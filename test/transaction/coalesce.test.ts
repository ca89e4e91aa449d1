import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { sameBytes } from '../../src/formats/bytes.ts'
import type { IdChange, MachineFileChange } from '../../src/transaction/change.ts'
import { coalesce } from '../../src/transaction/coalesce.ts'

const PATHS = ['/a', '/d/x', '/d/y', '/d/e/z']
const DIRECTORIES = ['/d', '/d/e']
const TEXTS = ['', 'one\n', 'two\n']
type Files = ReadonlyMap<string, { text: string; mode: number }>

/** Files as they are after a change; what it says was there before must be so. */
function applied(files: Files, change: MachineFileChange): Files {
  const next = new Map(files)
  if (change.kind === 'remove') {
    next.delete(change.path)
    if (change.tree)
      for (const path of files.keys()) if (path.startsWith(`${change.path}/`)) next.delete(path)
    return next
  }
  const old = files.get(change.path)
  expect(sameBytes(old === undefined ? undefined : Buffer.from(old.text), change.before)).toBe(true)
  next.set(change.path, { text: Buffer.from(change.after).toString(), mode: change.mode ?? old?.mode ?? -1 })
  return next
}

const common = { at: 'guest', operation: 'op' } as const

/** Changes of which each fits to the files that those before it leave. */
const scenario = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...PATHS), fc.constantFrom(...TEXTS)),
    fc.array(
      fc.record({
        act: fc.constantFrom('write', 'write', 'remove', 'tree'),
        path: fc.constantFrom(...PATHS),
        directory: fc.constantFrom(...DIRECTORIES),
        text: fc.constantFrom(...TEXTS),
        mode: fc.option(fc.constantFrom(0o600, 0o644), { nil: undefined }),
        summary: fc.constantFrom('s', 't', 'u'),
      }),
      { maxLength: 12 },
    ),
  )
  .map(([start, steps]) => {
    const initial: Files = new Map(Object.entries(start).map(([path, text]) => [path, { text, mode: 0o755 }]))
    let files = initial
    const changes: MachineFileChange[] = []
    for (const { act, path, directory, text, mode, summary } of steps) {
      const old = files.get(path)
      const before = old === undefined ? {} : { before: Buffer.from(old.text) }
      const given = mode ?? (old === undefined ? 0o644 : undefined)
      const change: MachineFileChange | undefined =
        act === 'write'
          ? {
              ...common,
              kind: 'write',
              path,
              summary,
              ...before,
              after: Buffer.from(text),
              ...(given === undefined ? {} : { mode: given }),
            }
          : act === 'tree'
            ? { ...common, kind: 'remove', tree: true, path: directory, summary }
            : old && { ...common, kind: 'remove', path, summary, ...before }
      if (change === undefined) continue
      changes.push(change)
      files = applied(files, change)
    }
    return { initial, changes, final: files }
  })

describe('coalesce', () => {
  test.prop([scenario], { numRuns: 2000 })(
    'has the effect of all changes in turn',
    ({ initial, changes, final }) => {
      const files = (coalesce(changes) as MachineFileChange[]).reduce(applied, initial)
      expect(files).toEqual(final)
    },
  )

  test.prop([scenario], { numRuns: 500 })(
    'leaves one change of a path, and is done after one time',
    ({ changes }) => {
      const merged = coalesce(changes)
      const paths = merged.map(({ path }) => path)
      expect(new Set(paths).size).toBe(paths.length)
      expect(coalesce(merged)).toEqual(merged)
    },
  )

  const write = (before: string | undefined, after: string, more: object = {}): MachineFileChange => ({
    ...common,
    kind: 'write',
    path: '/f',
    summary: after,
    after: Buffer.from(after),
    ...(before === undefined ? {} : { before: Buffer.from(before) }),
    ...more,
  })

  test('takes the first before, the last after, and joins summaries and operations', () => {
    const merged = coalesce([
      write('a', 'b', { operation: 'one', mode: 0o600 }),
      write('b', 'c', { operation: 'two', secret: true }),
    ])
    expect(merged).toEqual([
      write('a', 'c', { operation: 'one, two', summary: 'b; c', mode: 0o600, secret: true }),
    ])
  })

  test('drops what ends as it began', () => {
    expect(coalesce([write('a', 'b'), write('b', 'a')])).toEqual([])
    expect(
      coalesce([write(undefined, 'b'), { ...common, kind: 'remove', path: '/f', summary: 'gone' }]),
    ).toEqual([])
  })

  test('drops what a later removal of the directory takes with it, and merges to the last place', () => {
    const removal: MachineFileChange = { ...common, kind: 'remove', tree: true, path: '/d', summary: 'gone' }
    const inside = { ...write('a', 'b'), path: '/d/x' }
    expect(coalesce([inside, removal])).toEqual([removal])
    const merged = coalesce([write('a', 'b'), removal, write('b', 'c')])
    expect(merged.map(({ path }) => path)).toEqual(['/d', '/f'])
  })

  test('keeps equal content where attributes are asked for', () => {
    expect(coalesce([write('a', 'a', { mode: 0o600 })])).toHaveLength(1)
  })

  test('takes a link that goes again for nothing, and keeps what it takes the place of', () => {
    const link = { ...common, kind: 'link', path: '/f', target: '/g', summary: 'on' } as const
    const removal = { ...common, kind: 'remove', path: '/f', summary: 'gone' } as const
    expect(coalesce([link, removal])).toEqual([])
    expect(coalesce([removal, link])).toEqual([removal, link])
    expect(coalesce([link])).toEqual([link])
  })

  test('leaves ids as they are, but one that stays', () => {
    const id = (path: string, before: string, after: string): IdChange => ({
      at: 'storage',
      kind: 'id',
      path,
      operation: 'op',
      summary: 's',
      bearer: 'filesystem',
      format: 'ext4',
      before,
      after,
    })
    const ids = [id('/dev/sda1', 'a', 'b'), id('/dev/sda1', 'c', 'd')]
    expect(coalesce([...ids, id('/dev/sda2', 'a', 'a')])).toEqual(ids)
  })

  test('keeps the sides apart', () => {
    expect(coalesce([write('a', 'b'), { ...write('a', 'c'), at: 'host' }])).toHaveLength(2)
  })
})
