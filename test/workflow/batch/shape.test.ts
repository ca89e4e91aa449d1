import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Change, WriteChange } from '../../../src/transaction/change.ts'
import { moldPlan, ownContents, shapeOf, unstampable, varying } from '../../../src/workflow/batch/shape.ts'

const common = { at: 'guest', operation: 'hosts', summary: 'one' } as const
const write = (path: string, text: string, more: Partial<WriteChange> = {}): WriteChange => ({
  ...common,
  kind: 'write',
  path,
  after: Buffer.from(text),
  ...more,
})
const removal: Change = { ...common, kind: 'remove', path: '/var/old' }
const hostname = write('/etc/hostname', 'node1\n')
const link: Change = { ...common, kind: 'link', path: '/etc/on', target: '/lib/a' }
const plan: Change[] = [removal, hostname, write('/etc/hosts', 'same')]

test('ids on the disks are not stamped, those of a descriptor do not matter', () => {
  const ids = {
    kind: 'id',
    operation: 'x',
    summary: 'x',
    path: '/dev/sda1',
    before: 'a',
    after: 'b',
  } as const
  const root: Change = { ...ids, at: 'storage', bearer: 'filesystem', format: 'ext4' }
  expect(unstampable([...plan, root])).toBe('its disks get ids of their own')
  expect(unstampable([...plan, { ...ids, at: 'descriptor', bearer: 'vmdk', format: 'vmdk' }])).toBeUndefined()
})

describe('the shape of a plan', () => {
  test.each<[string, Change[]]>([
    ['other bytes', [removal, write('/etc/hostname', 'node2\n'), write('/etc/hosts', 'diff')]],
    [
      'what was there before',
      [removal, { ...hostname, before: Buffer.from('x') }, write('/etc/hosts', 'same')],
    ],
    ['words of the report', [{ ...removal, summary: 'two', operation: 'x' }, ...plan.slice(1)]],
    ['files of the host', [{ ...removal, at: 'vmx' }, ...plan, { ...hostname, at: 'host' }]],
  ])('is the same for %s', (_what, other) => {
    expect(shapeOf(other)).toBe(shapeOf(plan))
  })

  test.each<[string, Change[]]>([
    ['another length', [removal, write('/etc/hostname', 'node10\n'), write('/etc/hosts', 'same')]],
    ['another path', [removal, write('/etc/HOSTNAME', 'node1\n'), write('/etc/hosts', 'same')]],
    ['a mode', [removal, write('/etc/hostname', 'node1\n', { mode: 0 }), write('/etc/hosts', 'same')]],
    [
      'an owner',
      [removal, write('/etc/hostname', 'node1\n', { owner: { uid: 0, gid: 0 } }), ...plan.slice(2)],
    ],
    ['a link', [...plan, link]],
    ['a label', [removal, write('/etc/hostname', 'node1\n', { labelType: 'etc_t' }), ...plan.slice(2)]],
    ['a model', [removal, write('/etc/hostname', 'node1\n', { labelLike: '/etc/x' }), ...plan.slice(2)]],
    ['a whole directory', [{ ...removal, tree: true }, ...plan.slice(1)]],
    ['a removal instead', [removal, { ...removal, path: '/etc/hostname' }, ...plan.slice(2)]],
    ['another order', [...plan.slice(1), removal]],
    ['one change less', plan.slice(1)],
  ])('differs by %s', (_what, other) => {
    expect(shapeOf(other)).not.toBe(shapeOf(plan))
  })
})

/** Plans of one shape: for each path the length and, clone by clone, whether it has bytes of its own. */
const batches = fc.array(fc.tuple(fc.nat(40), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 })), {
  maxLength: 8,
})

test('what varies is what is not equal in all plans; the mold holds none of it and all of the rest', () => {
  fc.assert(
    fc.property(batches, (files) => {
      const plans = [0, 1, 2].map((clone) =>
        files.map(([length, own], index) =>
          write(`/f${index}`, (own[clone] ? String(clone + 1) : '0').repeat(length), { secret: true }),
        ),
      )
      expect(new Set(plans.map(shapeOf)).size).toBe(1)
      const paths = varying(plans)
      for (const [index, [length, own]] of files.entries())
        expect(paths.has(`/f${index}`)).toBe(length > 0 && own.includes(true))
      const [first = []] = plans
      const { changes, contents } = moldPlan(first, paths, randomBytes)
      expect(shapeOf(changes)).toBe(shapeOf(first))
      expect([...contents.keys()].sort()).toEqual([...paths])
      for (const [index, change] of changes.entries()) {
        const after = change.kind === 'write' ? change.after : undefined
        expect(after).toEqual(contents.get(change.path) ?? first[index]?.after)
      }
      for (const own of plans)
        expect(ownContents(own, paths)).toEqual(
          new Map(own.filter(({ path }) => paths.has(path)).map(({ path, after }) => [path, after])),
        )
    }),
  )
})

test('a path that is written again has its last content', () => {
  const changes = [hostname, removal, write('/etc/hostname', 'node2\n')]
  const paths = new Set(['/etc/hostname'])
  const mold = moldPlan(changes, paths, randomBytes)
  expect(mold.contents.get('/etc/hostname')).toBe((mold.changes[2] as WriteChange).after)
  expect(ownContents(changes, paths).get('/etc/hostname')).toEqual(Buffer.from('node2\n'))
})

test('a single plan has nothing that varies', () => {
  expect(varying([plan])).toEqual(new Set())
  expect(varying([])).toEqual(new Set())
})
