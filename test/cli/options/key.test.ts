import { expect, test } from 'vitest'
import { toKey } from '../../../src/cli/options/parsers.ts'

const UUID = '22222222-AAAA-4bbb-8ccc-000000000002'

test.for([
  ['/dev/sda3:file:disk.key', '/dev/sda3', 'disk.key'],
  ['all:file:/keys/a:file:b', 'all', '/keys/a:file:b'],
  [`${UUID}:file:key`, UUID, 'key'],
] as const)('%s names a volume and a file', ([text, device, file]) => {
  expect(toKey(text)).toEqual({ device, file })
})

test.for(['secret', '/dev/sda3:key:secret', 'sda3:file:key', 'all:file:', '/dev/sda3:file:a\nb'])(
  '%j is refused without being shown',
  (text) => {
    expect(() => toKey(text)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
    expect(() => toKey(text)).not.toThrow('secret')
  },
)
