import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { editResolvConf, readResolvConf } from '../../src/network/resolv-conf.ts'

const text = fc
  .array(
    fc.constantFrom(
      'nameserver ',
      'search ',
      'domain',
      ' ',
      '1.1.1.1',
      'a.b',
      '\n',
      '\r\n',
      '# x',
      'options rotate',
      '\xa0',
      '\0',
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''))
const quads = fc.array(fc.ipV4(), { maxLength: 4 })

test.prop([text, quads])('what was asked is read back, the rest stays', (before, nameservers) => {
  const after = editResolvConf(before, { nameservers })
  expect(readResolvConf(after).nameservers).toEqual(nameservers)
  expect(editResolvConf(after, { nameservers })).toBe(after)
  const others = (all: string) =>
    all.split(/\r?\n/).filter((line) => line !== '' && !/^nameserver[\t-\r ]/.test(line))
  expect(others(after)).toEqual(others(before))
})

it('replaces the search list, and domain with it', () => {
  const old = '# by hand\ndomain old.example\nnameserver 1.1.1.1\noptions rotate'
  expect(editResolvConf(old, { search: ['a', 'b'] })).toBe(
    '# by hand\nsearch a b\nnameserver 1.1.1.1\noptions rotate',
  )
  expect(editResolvConf(old, { nameservers: ['1.1.1.1'] })).toBe(old)
})
