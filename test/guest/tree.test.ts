import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { matchesGlob } from '../../src/guest/glob.ts'
import { GuestTree, guestFile } from '../../src/guest/tree.ts'

const name = fc.constantFrom('a', 'b', 'ab', 'a.b', '*', 'a?')
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `/${names.join('/')}`)
const step = fc.constantFrom('a', 'ab', '*', 'a*', '?', 'a.?')
const pattern = fc
  .tuple(fc.array(step, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '/**'))
  .map(([steps, rest]) => `/${steps.join('/')}${rest}`)

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
})
