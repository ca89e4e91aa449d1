import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { parseShell, type ShellDocument, shellValue } from '../../src/formats/shell-assignments.ts'
import { removeShellKeys, setShellValue } from '../../src/formats/shell-assignments-edit.ts'
import { openLine } from '../../src/formats/shell-open.ts'

const noise = fc
  .array(
    fc.constantFrom(
      'A',
      'B=',
      'export ',
      '1',
      "'",
      '"',
      '$',
      '`',
      '\\',
      '\\\n',
      '\n',
      '\r\n',
      ';',
      '#',
      ' ',
      '\t',
      '&',
      '(',
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))
const bytes = fc.uint8Array({ maxLength: 300 }).map((all) => Buffer.from(all).toString('latin1'))
const text = fc.oneof(noise, bytes)

const read = (source: string) =>
  parseShell(source).assignments.map(({ key, value, alone }) => [key, value, alone])

describe('parse', () => {
  test.prop([text])('prints what it read, its spans in order, whatever it is', (x) => {
    const { text: printed, assignments } = parseShell(x)
    expect(printed).toBe(x)
    let last = 0
    for (const { key, start, valueStart, end } of assignments) {
      expect(start).toBeGreaterThanOrEqual(last)
      expect(x.slice(start, valueStart)).toBe(`${key}=`)
      expect(end).toBeGreaterThanOrEqual(valueStart)
      last = end
    }
  })

  it.each<[string, string, [string, string | undefined, boolean][]]>([
    ['bare', 'A=1\n', [['A', '1', true]]],
    [
      'empty',
      'A=\nB=""',
      [
        ['A', '', true],
        ['B', '', true],
      ],
    ],
    ['blanks before, comment behind', ' \tA=1  # one\n', [['A', '1', true]]],
    ['# inside a word', 'A=1#2\n', [['A', '1#2', true]]],
    [
      'a semicolon',
      'A=1;\nB=2 ; # two\n',
      [
        ['A', '1', true],
        ['B', '2', true],
      ],
    ],
    ['quotes', `A='x y'"z\\"\\q"\\ w`, [['A', 'x yz"\\q w', true]]],
    ["$'..'", "A=$'\\x41\\102\\tc'\n", [['A', 'AB\tc', true]]],
    [
      'several on a line',
      'A=1 B=2; C=3\n',
      [
        ['A', '1', false],
        ['B', '2', false],
        ['C', '3', false],
      ],
    ],
    ['export', 'export A=1 B\n', [['A', '1', false]]],
    ['a command with a variable of its own', 'A=1 ls\nB=2\n', [['B', '2', true]]],
    [
      'continuation',
      'A=1\\\n2\nB=3',
      [
        ['A', '12', false],
        ['B', '3', true],
      ],
    ],
    [
      'CRLF',
      'A=1\r\nB="2"\r\n',
      [
        ['A', '1', true],
        ['B', '2', true],
      ],
    ],
    [
      'expansion',
      'A=$X\nB="`id`"\nC=~/x\nD=\\\n~\nE=x:\\\n\\\n~/y\nF=x\\\n~\n',
      [
        ['A', undefined, true],
        ['B', undefined, true],
        ['C', undefined, true],
        ['D', undefined, false],
        ['E', undefined, false],
        ['F', 'x~', false],
      ],
    ],
    [
      'an operator',
      'A=1 && B=2\nC=(1 2)\nD=3\n',
      [
        ['A', undefined, false],
        ['C', undefined, false],
        ['D', '3', true],
      ],
    ],
    [
      'a quote without an end',
      'A="1\nB=2\n',
      [
        ['A', undefined, true],
        ['B', '2', true],
      ],
    ],
    ['junk', 'hello there\n=\n%\nA=1\n', [['A', '1', true]]],
  ])('%s', (_, source, expected) => expect(read(source)).toEqual(expected))

  it('lets the last assignment win, and tells commands', () => {
    const document = parseShell('A=1\nif true; then\nA=2\nfi\n')
    expect(shellValue(document, 'A')).toBe('2')
    expect(document.commands.map(({ text: one, line }) => `${line} ${one}`)).toEqual([
      '2 if true',
      '2 then',
      '4 fi',
    ])
  })
})

describe('edit', () => {
  const set = (source: string, key: string, value: string, after: string[] = []) =>
    setShellValue(parseShell(source), key, value, after).text
  const remove = (source: string, ...keys: string[]) => removeShellKeys(parseShell(source), keys).text

  it.each([
    ['in place, comment kept', 'A=1  # one\nB=2\n', 'A', '9', 'A=9  # one\nB=2\n'],
    ['double quotes', 'A="1"\r\nB=2\r\n', 'A', '9', 'A="9"\r\nB=2\r\n'],
    ['single quotes', "A='1'\n", 'A', '9', "A='9'\n"],
    ['what needs quotes', 'A=1\n', 'A', 'x y$', 'A="x y\\$"\n'],
    ['the last of several', 'A=1\nB=2\nA=3\n', 'A', '9', 'B=2\nA=9\n'],
    ['the same value', `A=1\nA='2'\n`, 'A', '2', "A='2'\n"],
    ['exported', 'export A=1 B=2\n', 'A', '9', 'export A=9 B=2\n'],
    ['an array', 'A=(a b)\n', 'A', '9', 'A=9\n'],
    ['new, as most are written', 'A="1"\nB=""\nC="3"\n', 'D', '9', 'A="1"\nB=""\nC="3"\nD="9"\n'],
    ['new, no line end at the end', 'A=1\r\nB=2', 'D', '9', 'A=1\r\nB=2\r\nD=9'],
    ['new, into nothing', '', 'D', '9', 'D=9\n'],
  ])('sets: %s', (_, source, key, value, expected) => expect(set(source, key, value)).toBe(expected))

  it('puts a new key behind the last of those named', () => {
    expect(set('A=1\nB=2 # two\nC=3\n', 'D', '9', ['B', 'A', 'X'])).toBe('A=1\nB=2 # two\nD=9\nC=3\n')
    expect(set('C=3\nA=1', 'D', '9', ['A'])).toBe('C=3\nA=1\nD=9')
  })

  it.each([
    ['a line with its comment', '# a\nA=1 # one\nB=2\n', '# a\nB=2\n'],
    ['every one', 'A=1\nB=2\nA=3', 'B=2\n'],
    ['before a neighbour', 'A=1; B=2\n', 'B=2\n'],
    ['behind a neighbour', 'B=2; A=1 # x\n', 'B=2 # x\n'],
    ['between', 'export B=1 A=1 C=2\n', 'export B=1 C=2\n'],
    ['exported', 'export A=1\nB=2\n', 'B=2\n'],
  ])('removes: %s', (_, source, expected) => expect(remove(source, 'A')).toBe(expected))

  it.each([
    ['an array without an end', 'A=1\nB=('],
    ['one that another shell takes', 'B=&'],
    ['one for a command', 'B=1 | cat\n'],
    ['a new one behind a line that goes on', 'A=1\\'],
  ])('refuses: %s', (_, source) => {
    expect(() => set(source, 'B', '9')).toThrow(expect.objectContaining({ code: 'SHELL_UNEDITABLE' }))
  })

  test.prop([text, fc.constantFrom('1', 'x y', "'", '"\\$`', '')])(
    'what is set is read back; what is removed is gone; setting twice is setting once',
    (x, value) => {
      const document = parseShell(x)
      let once: ShellDocument
      try {
        once = setShellValue(document, 'B', value)
      } catch (error) {
        expect(error).toMatchObject({ code: 'SHELL_UNEDITABLE' })
        return
      }
      expect(shellValue(once, 'B')).toBe(value)
      expect(setShellValue(once, 'B', value).text).toBe(once.text)
      expect(removeShellKeys(once, ['B']).assignments.some(({ key }) => key === 'B')).toBe(false)
    },
  )
})

describe('what has no end', () => {
  it.each([
    ['A=1\n# it\'s (\nB="x\ny"\n', undefined],
    ["A='1\n", 1],
    ['A=1\nB="\\"\n', 2],
    ["A=$'\\''\n", undefined],
    ['A=(a\n b)\nB=`x`\n', undefined],
    ['A=1\nB=(\n', 2],
    ['A=`x\n', 1],
    ['A=1\\', 1],
    ['cat <<END\nA=1\nEND\n', 1],
    ['A=1#(\n', 1],
  ])('%j', (source, line) => expect(openLine(source)).toBe(line))
})
