import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { parseConfig } from '../../../src/cli/config/ini.ts'
import { OPTIONS } from '../../../src/cli/options/table.ts'

const names = { keys: Object.keys(OPTIONS), sections: ['fix', 'doctor'] }
const read = (text: string) =>
  parseConfig(text, 'a.ini', names).map(({ section, key, value, position }) => [
    section,
    key,
    value,
    position.line,
  ])

describe('a configuration file', () => {
  test('is read with comments, sections, quotes, CRLF and a byte order mark', () => {
    expect(
      read(
        '\uFEFF# mine\r\nip = 10.0.0.5/24\r\n\r\ndry-run\r\n[fix]\r\nname = "web; #1"\r\nhostname=\'010\'\r\n',
      ),
    ).toEqual([
      [undefined, 'ip', '10.0.0.5/24', 2],
      [undefined, 'dry-run', 'true', 4],
      ['fix', 'name', 'web; #1', 6],
      ['fix', 'hostname', '010', 7],
    ])
  })

  test('may repeat a key, in one section or in two', () => {
    expect(
      read('hosts = 10.0.0.1 a\nhosts = 10.0.0.2 b\n[fix]\nhosts = 10.0.0.3 c\nip = 10.0.0.4\n'),
    ).toEqual([
      [undefined, 'hosts', '10.0.0.1 a', 1],
      [undefined, 'hosts', '10.0.0.2 b', 2],
      ['fix', 'hosts', '10.0.0.3 c', 4],
      ['fix', 'ip', '10.0.0.4', 5],
    ])
  })

  test.each([
    ['ip = 10.0.0.5 ; the web server', 'has ";", "#" or a backslash'],
    ['name = a#1', 'has ";", "#" or a backslash'],
    ['name = a\\;1', 'has ";", "#" or a backslash'],
    ['name = "a" b"', 'has quotes'],
    ['name = "a', 'has quotes'],
    ['name = "a\\u0041"', 'has quotes'],
    ["name = '1e3'", 'can be read in two ways'],
    ['ipp = 10.0.0.5', 'unknown option "ipp"'],
    ['dns[] = 10.0.0.5', 'unknown option "dns[]"'],
    ['__proto__ = 1', 'unknown option "__proto__"'],
    ['[fixx]', 'unknown section "fixx"'],
    ['[__proto__]', 'unknown section "__proto__"'],
    [' [fix]', 'is no section'],
    ['[fix] ip = 1', 'is no section'],
    ['10.0.0.5!', 'is neither'],
  ])('is refused for %s', (line, fact) => {
    expect(() => read(`\n${line}\n`)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(fact),
        position: expect.objectContaining({ line: 2 }),
      }),
    )
  })

  test.prop([fc.string({ unit: fc.constantFrom(...'ab=;#\\\'" []\n\r01truefalsnipo-'.split('')) })])(
    'is never read otherwise than it looks',
    (text) => {
      try {
        for (const [, key, value, line] of read(text)) {
          const shown = text.split(/\r\n|\r|\n/)[Number(line) - 1] ?? ''
          expect(shown).toContain(String(key))
          expect(value === 'true' || shown.includes(String(value))).toBe(true)
        }
      } catch (error) {
        expect(error).toMatchObject({ code: 'BAD_CONFIG' })
      }
    },
  )

  test.prop([fc.stringMatching(/^[^\u0000-\u001f\u007f-\u009f"'\\]*$/)])('keeps any quoted text', (text) => {
    fc.pre(!/^(\d|-|true$|false$|null$)/.test(text) && text === text.replace(/[\u2028\u2029]/g, ''))
    expect(read(`name = "${text}"`)).toEqual([[undefined, 'name', text, 1]])
  })
})
