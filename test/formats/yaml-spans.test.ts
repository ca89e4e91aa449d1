import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { VmcloneError } from '../../src/errors/index.ts'
import { parseYaml, printYaml, yamlAt } from '../../src/formats/yaml-spans.ts'

function errorOf(text: string): VmcloneError {
  try {
    parseYaml(text, '/etc/netplan/a.yaml')
  } catch (error) {
    if (error instanceof VmcloneError) return error
    throw error
  }
  throw new Error('it was read')
}

describe('parseYaml', () => {
  it.each([
    ['a tab', 'network:\n\tversion: 2\n', 2, 1],
    ['an open list', 'a: [1, 2\n', 2, 1],
    ['a repeated key', 'a: 1\nb: 2\na: 3\n', 3, 1],
    ['a second document', 'a: 1\n---\nb: 2\n', 2, 1],
    ['a lone carriage return', 'a: 1\rb: 2\n', 1, 5],
    ['a wrong indent', 'a:\n    b: 1\n  c: 2\n', 3, 1],
  ])('refuses %s, with its place', (_, text, line, column) => {
    const error = errorOf(text)
    expect(error.code).toBe('YAML_INVALID')
    expect(error.position).toMatchObject({ file: '/etc/netplan/a.yaml', line, column })
  })

  it('refuses what is nested without end or multiplies by aliases', () => {
    expect(errorOf('['.repeat(50_000)).code).toBe('YAML_INVALID')
    const bomb = Array.from({ length: 9 }, (_, i) => {
      const alias = i === 0 ? 'x' : `*a${i - 1}`
      return `a${i}: &a${i} [${Array(10).fill(alias).join(', ')}]`
    })
    expect(errorOf(`${bomb.join('\n')}\n`).code).toBe('YAML_INVALID')
  })

  it('reads every scalar as its text, and aliases as what they stand for', () => {
    const { data } = parseYaml("a: &x [yes, 0100, '11:22:33:44:55:16']\nb: *x\nc:\n", 'f')
    expect(yamlAt(data, ['b'])).toEqual(['yes', '0100', '11:22:33:44:55:16'])
    expect(yamlAt(data, ['c'])).toBe('')
    expect(yamlAt(data, ['b', 3])).toBeUndefined()
  })

  it('knows empty files and a byte order mark', () => {
    expect(parseYaml('# nothing\n', 'f').data).toBe('')
    const text = '\u00ef\u00bb\u00bfa: b\n'
    expect(printYaml(parseYaml(text, 'f'))).toBe(text)
    expect(yamlAt(parseYaml(text, 'f').data, ['a'])).toBe('b')
  })

  const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array).toString('latin1'))
  const pieces = fc
    .array(
      fc.constantFrom(
        'a',
        'b: ',
        '- ',
        '\n',
        '  ',
        '[',
        ']',
        '{',
        '}',
        ', ',
        '#',
        '"',
        '&x ',
        '*x',
        '\r\n',
        '|',
        '\t',
      ),
    )
    .map((parts) => parts.join(''))

  test.prop([fc.oneof(bytes, pieces)], { numRuns: 500 })('keeps every byte, or refuses', (text) => {
    try {
      expect(printYaml(parseYaml(text, 'f'))).toBe(text)
    } catch (error) {
      expect(error).toMatchObject({ code: 'YAML_INVALID' })
    }
  })
})
