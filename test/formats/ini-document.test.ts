import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { toByteText } from '../../src/formats/bytes.ts'
import {
  iniEntries,
  iniSections,
  KEY_FILE,
  parseIni,
  printIni,
  SYSTEMD,
} from '../../src/formats/ini-document.ts'
import { addSection, removeSection, replaceEntries } from '../../src/formats/ini-edit.ts'

const syntax = fc.constantFrom(KEY_FILE, SYSTEMD)
const line = fc.constantFrom(
  '# note',
  '; other',
  '',
  '[a]',
  '[a]',
  ' [b] ',
  'k=v',
  ' k = v w ',
  'k=',
  'm=1;2;',
  'junk',
  '=x',
  'c=1 \\',
)
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, tail]) => lines.join(end) + (tail ? end : ''))

describe('round trip', () => {
  test.prop([fc.uint8Array({ maxLength: 300 }), syntax])('keeps arbitrary bytes', (bytes, kind) => {
    const some = toByteText(bytes)
    expect(printIni(parseIni(some, kind))).toBe(some)
  })

  test.prop([text, syntax])('keeps INI-like text', (some, kind) => {
    expect(printIni(parseIni(some, kind))).toBe(some)
  })
})

describe('reading', () => {
  it('keeps repeated sections and keys apart', () => {
    const document = parseIni('[A]\nx=1\n[A]\nx = 2\nx=3\n', SYSTEMD)
    expect(iniSections(document).map(({ name, header, end }) => [name, header, end])).toEqual([
      ['A', 0, 2],
      ['A', 2, 5],
    ])
    expect(iniEntries(document).map(({ ordinal, value }) => [ordinal, value])).toEqual([
      [0, '1'],
      [1, '2'],
      [1, '3'],
    ])
  })

  it('knows comments and continued lines by dialect', () => {
    const some = '[A]\n;x=1\ny=1 \\\n# between\n  2\nz=a#b;c\n'
    const values = (kind: typeof SYSTEMD) =>
      iniEntries(parseIni(some, kind)).map(({ key, value }) => `${key}=${value}`)
    expect(values(SYSTEMD)).toEqual(['y=1    2', 'z=a#b;c'])
    expect(values(KEY_FILE)).toEqual([';x=1', 'y=1 \\', 'z=a#b;c'])
  })
})

describe('editing', () => {
  const some = '[a]\r\n k = 1 \r\n# note\r\nm=2\r\n[b]\r\nk=3'
  const set = (key: string, values: string[], after: string[] = []) =>
    printIni(
      replaceEntries(
        parseIni(some, KEY_FILE),
        (entry) => entry.section === 'a' && entry.key === key,
        values.map((value) => [key, value] as const),
        0,
        after,
      ),
    )

  it.each<[string, string[], string[], string]>([
    ['k', ['9'], [], some.replace(' k = 1 ', ' k = 9')],
    ['k', ['1'], [], some],
    ['k', [], [], some.replace(' k = 1 \r\n', '')],
    ['m', ['2', '4'], [], some.replace('m=2\r\n', 'm=2\r\nm=4\r\n')],
    ['n', ['5'], ['m'], some.replace('m=2\r\n', 'm=2\r\nn=5\r\n')],
    ['n', ['5'], [], some.replace('[a]\r\n', '[a]\r\nn=5\r\n')],
  ])('%s becomes %j', (key, values, after, expected) => expect(set(key, values, after)).toBe(expected))

  it('adds and takes out sections', () => {
    const document = parseIni('[a]\nx=1\n\n# of b\n[b]\ny=2\n', KEY_FILE)
    expect(printIni(removeSection(document, 0))).toBe('# of b\n[b]\ny=2\n')
    expect(printIni(addSection(parseIni('[a]\r\nx=1', KEY_FILE), 'c', [['z', '']]))).toBe(
      '[a]\r\nx=1\r\n\r\n[c]\r\nz=\r\n',
    )
    expect(printIni(addSection(parseIni('', KEY_FILE), 'c', []))).toBe('[c]\n')
  })

  test.prop([
    text,
    syntax,
    fc.constantFrom('k', 'm', 'n'),
    fc.array(fc.constantFrom('v', '7'), { maxLength: 3 }),
  ])('gives a key these values, and every other line keeps its bytes', (before, kind, key, values) => {
    const document = parseIni(before, kind)
    const home = iniSections(document)[0]
    fc.pre(home !== undefined)
    const ours = (one: { section: string; key: string }) => one.section === home?.name && one.key === key
    const pairs = values.map((value) => [key, value] as const)
    const after = replaceEntries(document, ours, pairs, 0)
    expect(
      iniEntries(after)
        .filter(ours)
        .map(({ value }) => value),
    ).toEqual(values)
    const rest = (one: typeof document) => {
      const lines = new Set(
        iniEntries(one)
          .filter(ours)
          .map((entry) => entry.line),
      )
      return one.lines.filter((_, i) => !lines.has(i)).map(({ raw }) => raw.replace(/\r?\n$/, ''))
    }
    expect(rest(after)).toEqual(rest(document))
    expect(replaceEntries(after, ours, pairs, 0)).toEqual(after)
  })
})
