import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { toByteText } from '../../src/formats/bytes.ts'
import { Dictionary } from '../../src/formats/dictionary.ts'
import { escapeValue, unescapeValue } from '../../src/formats/dictionary-escape.ts'

const bytes = fc.uint8Array({ maxLength: 200 }).map(toByteText)
/** Text that looks like a dictionary more often than arbitrary bytes do. */
const likely = fc
  .array(
    fc.constantFrom(
      'a',
      'B',
      ' = ',
      '=',
      '"',
      '#',
      ' ',
      '\t',
      '|',
      '22',
      '\n',
      '\r',
      '\r\n',
      '\xef\xbb\xbf',
      'x.y',
      '\x83',
    ),
    {
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(''))
const name = fc.constantFrom('a', 'B', 'x.y', 'ethernet0.address', '.encoding')
const value = fc.uint8Array({ maxLength: 20 }).map(toByteText)

describe('lines', () => {
  test.each([
    ['a = "b"', 'b'],
    ['a="b"', 'b'],
    ['\t a\t=\t"b c" ', 'b c'],
    ['a = b', 'b'],
    ['a = b#c', 'b'],
    ['a = "b" # said "c"', 'b'],
    ['a = "#b"', '#b'],
    ['a =', ''],
    ['a = # none', ''],
    ['a = ""', ''],
    ['a = b"c"', 'b"c"'],
    ['a = C:\\x.vmdk', 'C:\\x.vmdk'],
    ['a = "|22b|22"', '"b"'],
    ['a = |41', 'A'],
    ['A = "b"', 'b'],
    ['\xef\xbb\xbfa = "b"', 'b'],
    ['#!/usr/bin/vmware\na = "b"', 'b'],
    ['x = "1"\ra = "b"\rz = "2"', 'b'],
    ['a = "first"\na = "second"', 'first'],
  ])('%j gives %j', (text, expected) => {
    expect(Dictionary.parse(text).get('a')).toBe(expected)
  })

  test.each([
    'a',
    'a b = "c"',
    'a = "b',
    'a = "b" c',
    'a = "b"c',
    'a = b c',
    '= "b"',
    'a = \0',
    'a " = b # "',
  ])('%j is malformed and stays', (text) => {
    const dictionary = Dictionary.parse(text)
    expect(dictionary.lines.map((line) => line.malformed)).toEqual([true])
    expect(dictionary.get('a')).toBeUndefined()
    expect(dictionary.set('a', 'x').print()).toBe(`${text}\na = "x"\n`)
  })

  test('a long line of blanks is malformed too', () => {
    const dictionary = Dictionary.parse(`a =${' '.repeat(200_000)}b c`)
    expect(dictionary.lines.map((line) => line.malformed)).toEqual([true])
  })
})

describe('escapes', () => {
  test.each([
    ['a|20|21b', 'a !b'],
    ['|0a|0A', '\n\n'],
    ['||22', '||22'],
    ['|2|22', '|2|22'],
    ['|g41', '|g41'],
    ['|7C41', '|41'],
    ['a|', 'a|'],
    ['a|4', 'a|4'],
    ['|zz|41', '|zzA'],
  ])('%s is read as %j', (text, expected) => {
    expect(unescapeValue(text)).toBe(expected)
  })

  test('control bytes, quotes, bars and DEL are written as |XX, TAB and high bytes as they are', () => {
    expect(escapeValue('\0\t\n"|\x7f\x80\xff\\')).toBe('|00\t|0A|22|7C|7F\x80\xff\\')
  })

  test.prop([value])('what was escaped reads back', (text) => {
    expect(unescapeValue(escapeValue(text))).toBe(text)
  })
})

describe('edits', () => {
  test.each([
    ['quotes', 'x = "1"\na = "b" # why\nz = "2"\n', 'x = "1"\na = "new" # why\nz = "2"\n'],
    ['bare values', 'sata0.x = 1\na =  b# why\n', 'sata0.x = 1\na =  new# why\n'],
    ['no value', 'a =\n', 'a = "new"\n'],
    ['only a comment', 'a = # why\n', 'a = "new" # why\n'],
    ['duplicates', 'a = "1"\nx = "2"\nA = "3"\n', 'a = "new"\nx = "2"\n'],
    ['the file’s own case', 'A = "b"\r\n', 'A = "new"\r\n'],
    ['a new key with CRLF', 'x = "1"\r\n', 'x = "1"\r\na = "new"\r\n'],
    ['a new key with CR', 'x = "1"\ry = "2"\r', 'x = "1"\ry = "2"\ra = "new"\r'],
    ['a new key after an unfinished line', 'x = "1"\r\ny = "2"', 'x = "1"\r\ny = "2"\r\na = "new"\r\n'],
    ['a new key in an empty file', '', 'a = "new"\n'],
    ['a byte order mark', '\xef\xbb\xbfa = "b"\n', '\xef\xbb\xbfa = "new"\n'],
  ])('%s', (_, before, after) => {
    expect(Dictionary.parse(before).set('a', 'new').print()).toBe(after)
  })

  test('a bare value that needs quotes gets them', () => {
    expect(Dictionary.parse('a = b\n').set('a', 'c d').print()).toBe('a = "c d"\n')
    expect(Dictionary.parse('a = b\n').set('a', '').print()).toBe('a = ""\n')
  })

  test('the same value leaves the line alone but takes duplicates out', () => {
    expect(Dictionary.parse('a = b\nA = "c"\n').set('a', 'b').print()).toBe('a = b\n')
  })

  test('a name that the grammar does not allow is a fault of the caller', () => {
    expect(() => Dictionary.parse('').set('a b', 'c')).toThrow(TypeError)
  })

  test.prop([fc.oneof(bytes, likely)])('what is printed is what was parsed', (text) => {
    expect(Dictionary.parse(text).print()).toBe(text)
  })

  test.prop([fc.oneof(bytes, likely), name, value])(
    'set, then get, then everything else unchanged',
    (text, key, to) => {
      const before = Dictionary.parse(text)
      const after = before.set(key, to)
      expect(after.get(key)).toBe(to)
      expect(Dictionary.parse(after.print()).get(key)).toBe(to)
      const others = (one: Dictionary) =>
        one.lines.filter((line) => line.name?.toLowerCase() !== key.toLowerCase()).map((line) => line.body)
      expect(others(after)).toEqual(others(before))
      expect(after.set(key, to)).toBe(after)
    },
  )

  const written = fc.constantFrom('"old"', 'old', '""', '"|22"')
  const around = fc.tuple(likely, fc.constantFrom('', ' ', '\t'), fc.constantFrom('', ' # why', '\t'), likely)

  test.prop([around, written, value])('an edit touches only the span of the value', (parts, old, to) => {
    const [above, gap, comment, below] = parts
    const before = `${above}\nmine${gap}=${gap}`
    const after = `${comment}\r\n${below}`
    const printed = Dictionary.parse(before + old + after)
      .set('MINE', to)
      .print()
    expect(printed.startsWith(before)).toBe(true)
    expect(printed.endsWith(after)).toBe(true)
    expect(printed.slice(before.length, printed.length - after.length)).toMatch(/^"[^"]*"$|^[^ \t#"]+$/)
  })

  test.prop([likely, name])('remove takes every line with the key and no other', (text, key) => {
    const before = Dictionary.parse(text)
    const after = before.remove(key)
    expect(after.get(key)).toBeUndefined()
    expect(after.lines).toEqual(before.lines.filter((line) => line.name?.toLowerCase() !== key.toLowerCase()))
  })
})
