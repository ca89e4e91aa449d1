import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { toByteText } from '../../src/formats/bytes.ts'
import { encodingNamed, UTF8 } from '../../src/formats/encoding.ts'

describe('names', () => {
  test.each([
    ['UTF-8', '位', 'e4bd8d'],
    ['utf8', 'é', 'c3a9'],
    ['GBK', '位', 'cebb'],
    ['gbk', '位', 'cebb'],
    ['CP936', '位', 'cebb'],
    ['MS936', '位', 'cebb'],
    ['windows-936', '位', 'cebb'],
    ['windows-936-2000', '位', 'cebb'],
    ['GB18030', '€位', 'a2e3cebb'],
    ['gb18030', '😀', '9439fc36'],
    ['windows-949-2000', '한', 'c7d1'],
    ['windows-949', '한', 'c7d1'],
    ['ms949', '한', 'c7d1'],
    ['KS_C_5601-1987', '한', 'c7d1'],
    ['KS_C_5601-1989', '한', 'c7d1'],
    ['Big5', '位', 'a6ec'],
    ['x-big5', '位', 'a6ec'],
    ['windows-950-2000', '位', 'a6ec'],
    ['Shift_JIS', 'ポ', '837c'],
    ['cp932', 'ポ', '837c'],
    ['ms932', 'ポ', '837c'],
    ['ibm-943_P15A-2003', 'ポ', '837c'],
    ['windows-31j', 'ポ', '837c'],
    ['EUC-JP', 'ポ', 'a5dd'],
    ['windows-1252', '€é', '80e9'],
    ['cp1252', 'é', 'e9'],
    ['ibm-5348_P100-1997', '€', '80'],
    ['ibm-5347_P100-1998', 'ж', 'e6'],
    ['windows-1251', 'ж', 'e6'],
    ['windows-1250', 'ř', 'f8'],
    ['windows-874', 'ก', 'a1'],
    ['ISO-8859-1', 'é', 'e9'],
    ['ISO-8859-15', '€', 'a4'],
    ['koi8-r', 'ж', 'd6'],
    ['ibm-850', 'é', '82'],
    ['US-ASCII', 'a', '61'],
  ])('%s writes %s as %s', (name, text, hex) => {
    const encoding = encodingNamed(name)
    const bytes = toByteText(Buffer.from(hex, 'hex'))
    expect(encoding.known).toBe(true)
    expect(encoding.encode(text)).toBe(bytes)
    expect(encoding.decode(bytes)).toBe(text)
  })

  test.each(['UTF-16LE', 'UTF-7', 'ISO-2022-JP', 'hex', 'base64', 'windows-9999', 'klingon', ''])(
    '%j is not known: ASCII only',
    (name) => {
      const encoding = encodingNamed(name)
      expect(encoding.known).toBe(false)
      expect(encoding.encode('abc')).toBe('abc')
      expect(encoding.decode('abc')).toBe('abc')
      expect(encoding.encode('é')).toBeUndefined()
      expect(encoding.decode('\xe9')).toBeUndefined()
    },
  )
})

test.each([
  ['GBK', 'é😀'],
  ['windows-1252', '位'],
  ['Shift_JIS', '한'],
  ['windows-1251', '€é'],
  ['UTF-8', '\ud800'],
])('%s cannot hold %j', (name, text) => {
  expect(encodingNamed(name).encode(text)).toBeUndefined()
})

test.prop([
  fc.constantFrom('GBK', 'Big5', 'Shift_JIS', 'windows-949-2000', 'windows-1252', 'UTF-8', 'ibm-850'),
  fc.string({ unit: 'binary' }),
])('what %s accepts reads back the same', (name, text) => {
  const encoding = encodingNamed(name)
  const bytes = encoding.encode(text)
  if (bytes !== undefined) expect(encoding.decode(bytes)).toBe(text)
})

test.prop([fc.string({ unit: 'grapheme' })])('UTF-8 holds every text', (text) => {
  expect(UTF8.decode(UTF8.encode(text) ?? '')).toBe(text)
})
