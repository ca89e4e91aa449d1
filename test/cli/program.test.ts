import { describe, expect, test } from 'vitest'
import { COMMANDS, MAIN } from '../../src/cli/commands/index.ts'
import { PARSERS } from '../../src/cli/options/parse.ts'
import { OPTIONS, type OptionName, optionOf } from '../../src/cli/options/table.ts'
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

describe('an option without its value', () => {
  test.each([
    [['a.vmx', '--ip'], '--ip: the value is missing', 'Give one, as in --ip 192.168.8.12/24.'],
    [['a.vmx', '--gateway6'], '--gateway6: the value is missing', 'Give one, as in --gateway6 fd00:8::1.'],
    [['batch', 'n.csv', '-j'], '--jobs: the value is missing', 'Give one, as in --jobs 4.'],
    [['batch', 'n.csv', '--report'], '--report: the value is missing', 'Give one, as in --report FILE.html.'],
  ])('%j', (argv, message, hint) => {
    expect(() => parse(argv)).toThrow(expect.objectContaining({ code: 'BAD_OPTION', message, hint }))
  })

  test('is shown one that it takes', () => {
    for (const name of Object.keys(OPTIONS) as OptionName[]) {
      const { example } = optionOf(name)
      if (example !== undefined) expect(() => PARSERS[name](example.replaceAll('"', ''))).not.toThrow()
    }
  })
})

test.each([
  ['gateway', 'nonee', /^Give four numbers from 0 to 255, such as 192\.168\.8\.12\. Or give none\.$/],
  ['mac', 'nwe', /^Write six bytes in hex.* Or give new or vmware or keep\.$/],
  ['uuid', 'x', /or --uuid new\.$/],
] as const)('the hint of --%s %s names the words that it takes', (name, text, hint) => {
  expect(() => PARSERS[name](text)).toThrow(expect.objectContaining({ hint: expect.stringMatching(hint) }))
})
