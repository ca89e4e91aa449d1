import { describe, expect, test } from 'vitest'
import { COMMANDS, MAIN } from '../../src/cli/commands/index.ts'
import { parseArguments } from '../../src/cli/program.ts'

const parse = (argv: readonly string[], there: readonly string[] = []) =>
  parseArguments(argv, {
    commands: COMMANDS,
    main: MAIN,
    version: '0',
    width: 100,
    exists: (path) => there.includes(path),
  })

describe('a name that is like a command', () => {
  test.each([
    [['batches'], 'batch'],
    [['tre', '/mnt'], 'tree'],
    [['doktor'], 'doctor'],
  ])('%j may be meant as one', (argv, meant) => {
    expect(() => parse(argv)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', hint: `Did you mean ${meant}?` }),
    )
  })

  test.each([
    [['batch', 'batches', '--template', 'a.vmx'], 'batch', 'batches'],
    [['tree', 'tr'], 'tree', 'tr'],
    [['fix', 'doctor'], 'fix', 'doctor'],
  ])('%j is an operand where a command was typed', (argv, name, operand) => {
    expect(parse(argv)).toMatchObject({ command: { name }, operands: [operand] })
  })

  test('is an operand where such a file is there', () => {
    expect(parse(['batches'], ['batches'])).toMatchObject({ command: MAIN, operands: ['batches'] })
  })

  test('is not told of the second of two operands', () => {
    expect(() => parse(['fix', 'vm', 'other'])).toThrow('"other" is one argument too many for fix')
    expect(() => parse(['vm', 'other'])).toThrow('there is no command "vm"')
  })
})
