import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { assignmentOf, parseShell } from '../../src/formats/shell-assignments.ts'
import { removeShellKeys, setShellArray, setShellValue } from '../../src/formats/shell-assignments-edit.ts'

const elements = (source: string, key = 'A') =>
  assignmentOf(parseShell(source), key)?.elements?.map(({ value }) => value)

describe('reading', () => {
  it.each<[string, string, (string | undefined)[] | undefined]>([
    ['words', 'A=(\'a b\' "c" d)\n', ['a b', 'c', 'd']],
    ['lines and comments', 'A=( # one\n  a # two\n  b\n)\n', ['a', 'b']],
    ['none', 'A=()\n', []],
    ['a word that is not fixed', 'A=($B c)\n', [undefined, 'c']],
    ['an index within', 'A=([3]=b)\n', [undefined]],
    ['a pattern', 'A=(/etc/*)\n', [undefined]],
    ['no end', 'A=(a\n', undefined],
    ['an operator', 'A=(a; b)\n', undefined],
    ['a process', 'A=(<(b))\n', undefined],
    ['something behind it', 'A=(a)b\n', undefined],
    ['one value', 'A=a\n', undefined],
  ])('%s', (_, source, expected) => expect(elements(source)).toEqual(expected))

  it('takes an index for a part of the key', () => {
    const document = parseShell('A[0]="x"\nA[12]=y # z\nA[b]=w\n')
    expect(document.assignments.map(({ key, value }) => [key, value])).toEqual([
      ['A[0]', 'x'],
      ['A[12]', 'y'],
    ])
    expect(document.commands.map(({ text }) => text)).toEqual(['A[b]=w'])
  })

  it('goes on behind an array', () => {
    const { assignments, commands } = parseShell('A=(a\n b)\nB=c\nrun\n')
    expect(assignments.map(({ key, line }) => [key, line])).toEqual([
      ['A', 1],
      ['B', 3],
    ])
    expect(commands).toMatchObject([{ text: 'run', line: 4 }])
  })
})

describe('writing', () => {
  it.each<[string, string, string[], string]>([
    ['keeps what stays', 'A=( "a"  b # x\n c )\n', ['a', 'z', 'c'], 'A=( "a"  z # x\n c )\n'],
    ['adds', 'A=("a")\n', ['a', 'b'], 'A=("a" \'b\')\n'],
    ['takes out', "A=('a' 'b' 'c')\n", ['x'], "A=('x')\n"],
    ['fills an empty one', 'A=()\n', ['a'], "A=('a')\n"],
    ['turns a value into an array', 'A="a" # x\n', ['a', 'b'], "A=('a' 'b') # x\n"],
    ['sets a single value', 'A="a"\n', ['b'], 'A="b"\n'],
    ['the last counts', "A=('a')\nA=('b')\n", ['c'], "A=('c')\n"],
    ['new', 'B=1\nC=2\n', ['a'], "B=1\nA=('a')\nC=2\n"],
  ])('%s', (_, source, values, expected) => {
    expect(setShellArray(parseShell(source), 'A', values, ['B']).text).toBe(expected)
  })

  it('an indexed key', () => {
    const source = 'A[0]="x"\nA[1]=""\n'
    expect(setShellValue(parseShell(source), 'A[1]', 'y').text).toBe('A[0]="x"\nA[1]="y"\n')
    expect(removeShellKeys(parseShell(source), ['A[0]']).text).toBe('A[1]=""\n')
  })

  const word = fc.stringMatching(/^[a-z0-9./ ']{1,6}$/)
  test.prop([fc.array(word, { maxLength: 4 }), fc.array(word, { minLength: 1, maxLength: 4 })])(
    'is read back, and writing again changes nothing',
    (before, values) => {
      const source = `# x\nA=(${before.map((one) => `"${one}"`).join('\n  ')})\nB=1\n`
      const next = setShellArray(parseShell(source), 'A', values)
      expect(elements(next.text)).toEqual(values)
      expect(setShellArray(next, 'A', values).text).toBe(next.text)
      expect(next.text.startsWith('# x\nA=(')).toBe(true)
      expect(next.text.endsWith(')\nB=1\n')).toBe(true)
    },
  )
})
