import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { fromByteText, toByteText } from '../../src/formats/bytes.ts'
import { matchesGlob } from '../../src/guest/glob.ts'
import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import type { FileChange } from '../../src/transaction/change.ts'

const name = fc.constantFrom('a', 'b', 'ab', 'a.b', '*', 'a?')
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `/${names.join('/')}`)
const step = fc.constantFrom('a', 'ab', '*', 'a*', '?', 'a.?')
const pattern = fc
  .tuple(fc.array(step, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '/**'))
  .map(([steps, rest]) => `/${steps.join('/')}${rest}`)

const link = fc
  .tuple(path, path)
  .map(([each, target]): GuestNode => ({ ...guestFile(each, ''), kind: 'symlink', target }))
const entries = fc.array(
  fc.oneof(
    path.map((each) => guestFile(each, each)),
    link,
  ),
  { maxLength: 12 },
)
const common = { at: 'guest', operation: 'test', summary: '' } as const
const after = fromByteText('after')
const change: fc.Arbitrary<FileChange> = fc.oneof(
  fc.tuple(path, path).map(([each, target]) => ({ ...common, kind: 'link', path: each, target }) as const),
  path.map((each) => ({ ...common, kind: 'write', path: each, after }) as const),
  fc
    .tuple(path, fc.boolean())
    .map(([each, tree]) => ({ ...common, kind: 'remove', path: each, tree }) as const),
)
const batches = fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 4 })

describe('GuestTree', () => {
  test.prop([fc.array(path, { maxLength: 12 }), pattern])(
    'finds by a pattern what matches it, sorted',
    (paths, glob) => {
      const tree = new GuestTree(paths.map((each) => guestFile(each, '')))
      const expected = [...new Set(paths)].filter((each) => matchesGlob(each, glob)).sort()
      expect(tree.glob(glob).map((node) => node.path)).toEqual(expected)
    },
  )

  test.prop([fc.array(path, { maxLength: 6 })])('gives lists that may be changed', (paths) => {
    const tree = new GuestTree(paths.map((each) => guestFile(each, '')))
    tree.nodes().reverse()
    expect(tree.nodes().map((node) => node.path)).toEqual([...new Set(paths)].sort())
  })

  test.prop([entries, batches, pattern])(
    'is after changes what it would be if it were read anew',
    (nodes, all, glob) => {
      const tree = all.reduce((before, changes) => before.with(changes), new GuestTree(nodes))
      const anew = all.reduce<GuestNode[]>(
        (before, changes) => changes.reduce(afterwards, before),
        [...new Map(nodes.map((node) => [node.path, node])).values()],
      )
      const read = new GuestTree(anew)
      expect(tree.nodes()).toEqual(read.nodes())
      expect(tree.glob(glob)).toEqual(read.glob(glob))
      for (const { path: each } of [...nodes, ...anew]) {
        expect(tree.resolve(each)).toBe(read.resolve(each))
        expect(tree.text(each)).toEqual(read.text(each))
      }
    },
  )

  test.prop([entries, batches, pattern, path])(
    'recalls what it would find itself',
    (nodes, all, glob, file) => {
      const outer = (tree: GuestTree) => [
        tree.recall(inner).length,
        tree.text(file),
        tree.exists(`${file}/a`),
      ]
      const inner = (tree: GuestTree) => tree.glob(glob).map((node) => tree.text(node.path))
      const grown = (tree: GuestTree) =>
        tree.with([{ ...common, path: '/a', kind: 'write', after }]).text(file)
      let tree = new GuestTree(nodes)
      for (const changes of [[], ...all]) {
        tree = tree.with(changes)
        for (const read of [outer, inner, grown]) expect(tree.recall<unknown>(read)).toEqual(read(tree))
      }
    },
  )

  it('does not look again where nothing changed', () => {
    let runs = 0
    const read = (tree: GuestTree) => {
      runs += 1
      return tree.text('/link')
    }
    const link = { ...guestFile('/link', ''), kind: 'symlink', target: 'a' } as const
    const tree = new GuestTree([guestFile('/a', 'one'), guestFile('/b', ''), link])
    const elsewhere = tree.with([{ ...common, path: '/b', kind: 'write', after }])
    expect([tree.recall(read), elsewhere.recall(read), elsewhere.recall(read), runs]).toEqual([
      'one',
      'one',
      'one',
      1,
    ])
    const there = elsewhere.with([{ ...common, path: '/a', kind: 'write', after }])
    expect([there.recall(read), tree.recall(read), runs]).toEqual(['after', 'one', 2])
  })

  it('finds what is refused in the tree as it was read and mended in this one', () => {
    const read = (tree: GuestTree) => {
      if (tree.text('/a') === 'bad') throw new RangeError('bad')
      return 'good'
    }
    const tree = new GuestTree([guestFile('/a', 'bad')])
    expect(() => tree.recall(read)).toThrow(RangeError)
    expect(tree.with([{ ...common, path: '/a', kind: 'write', after }]).recall(read)).toBe('good')
  })
})

function afterwards(nodes: readonly GuestNode[], change: FileChange): GuestNode[] {
  const tree = change.kind === 'remove' && change.tree
  const left = nodes.filter(
    (node) => node.path !== change.path && !(tree && node.path.startsWith(`${change.path}/`)),
  )
  if (change.kind === 'remove') return left
  const { path } = change
  if (change.kind === 'link') {
    const { target } = change
    return [...left, { path, kind: 'symlink', mode: 0o777, uid: 0, gid: 0, size: target.length, target }]
  }
  const { mode = 0o644 } = nodes.find((node) => node.path === path) ?? {}
  return [...left, guestFile(path, toByteText(change.after), { mode })]
}
