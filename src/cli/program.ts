import { Command as Commander, CommanderError, Option as Flag } from 'commander'
import { VmcloneError } from '../errors/index.ts'
import type { Command } from './command.ts'
import { commandHelp, mainHelp } from './help.ts'
import { nearestName } from './nearest.ts'
import type { Given } from './options/given.ts'
import { isOptionName, type OptionName, optionOf } from './options/table.ts'

/** What the arguments ask for: a text, such as the help, or a command. */
export type Parsed =
  | { readonly text: string }
  | { readonly command: Command; readonly operands: readonly string[]; readonly given: readonly Given[] }

/** What the parser must know. */
export interface Program {
  readonly commands: readonly Command[]
  /** Runs where no command is named. */
  readonly main: Command
  readonly version: string
  readonly width: number
  /** Whether a file or directory of that name is there: it is no command that was mistyped. */
  exists(path: string): boolean
}

/** Reads the arguments. Throws BAD_OPTION for an unknown option, one without its value, or a wrong number of operands. */
export function parseArguments(argv: readonly string[], program: Program): Parsed {
  let text = ''
  let parsed: Parsed | undefined
  const root = quiet(new Commander('vmclone-fix'), (out) => {
    text += out
  })
  root.version(program.version, '-V, --version').enablePositionalOptions()
  root.helpInformation = () => mainHelp(program.commands, program.main, program.width)
  for (const command of program.commands) {
    const sub = quiet(root.command(command.name, { isDefault: command === program.main }), (out) => {
      text += out
    })
    sub.helpInformation = () => commandHelp(command, program.width)
    sub.argument('[operands...]')
    const flags = command.options.flatMap((name) => flagsOf(name))
    for (const { flag } of flags) sub.addOption(flag)
    sub.action((operands: string[]) => {
      const typed = root.args[0] === command.name
      checkOperands(command, operands, typed, program)
      parsed = { command, operands, given: givenBy(sub, flags) }
    })
  }
  try {
    root.parse([...argv], { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    if (thrown.exitCode !== 0) throw wrongArguments(thrown, program)
  }
  return parsed ?? { text }
}

function quiet(command: Commander, write: (text: string) => void): Commander {
  return command.exitOverride().configureOutput({ writeOut: write, writeErr: () => {} })
}

function flagsOf(name: OptionName): { name: OptionName; flag: Flag }[] {
  const { value, short } = optionOf(name)
  const dash = short === undefined ? '' : `-${short}, `
  if (value === undefined) {
    return [
      { name, flag: new Flag(`${dash}--${name}`) },
      { name, flag: new Flag(`--no-${name}`).hideHelp() },
    ]
  }
  const collect = (text: string, before: string[] | undefined) => [...(before ?? []), text]
  return [{ name, flag: new Flag(`${dash}--${name} <value>`).argParser(collect) }]
}

function givenBy(sub: Commander, flags: readonly { name: OptionName; flag: Flag }[]): Given[] {
  return flags.flatMap(({ name, flag }) => {
    if (flag.negate) return []
    const value: unknown = sub.getOptionValue(flag.attributeName())
    if (value === undefined) return []
    const texts = Array.isArray(value) ? value.map(String) : [String(value)]
    return texts.map((text) => ({ name, text, source: { rank: 0, label: `--${name}` } }))
  })
}

/** Refuses a wrong number of operands, and one that seems to be a command where none was `typed`. */
function checkOperands(
  { name, operand }: Command,
  operands: readonly string[],
  typed: boolean,
  { commands, main, exists }: Program,
): void {
  const allowed = operand === undefined ? 0 : 1
  const names = commands.map((command) => command.name)
  const [first = ''] = operands
  const like = !typed && /^[a-z-]+$/i.test(first) && !exists(first)
  const meant = like ? nearestName(first, names) : undefined
  if (meant !== undefined) {
    throw new VmcloneError('BAD_OPTION', `there is no command "${first}"`, { hint: `Did you mean ${meant}?` })
  }
  if (operands.length < allowed) {
    throw new VmcloneError('BAD_OPTION', `<${operand}> is missing`, {
      hint: `Give it, as in vmclone-fix ${name === main.name ? '' : `${name} `}${operand === 'vm.vmx' ? 'clone.vmx' : operand}; vmclone-fix --help tells more.`,
    })
  }
  if (operands.length > allowed) {
    const known = names.join(', ')
    if (like)
      throw new VmcloneError('BAD_OPTION', `there is no command "${first}"`, {
        hint: `The commands are ${known}.`,
      })
    throw new VmcloneError('BAD_OPTION', `"${operands[allowed]}" is one argument too many for ${name}`, {
      hint: `Quote arguments that hold blanks. The commands are ${known}.`,
    })
  }
}

function wrongArguments(error: CommanderError, { commands }: Program): VmcloneError {
  const [fact = '', nearest] = error.message.replace(/^error: /, '').split('\n')
  const unknown = /^unknown option '--([a-z-]+)/.exec(fact)?.[1]
  const having = commands.filter(({ options }) => options.some((name) => name === unknown))
  const bare = /^option '(?:-., )?--([a-z0-9-]+) <value>' argument missing$/.exec(fact)?.[1]
  if (bare !== undefined && isOptionName(bare)) {
    const { value, example = value } = optionOf(bare)
    return new VmcloneError('BAD_OPTION', `--${bare}: the value is missing`, {
      hint: `Give one, as in --${bare} ${example}.`,
    })
  }
  const hint =
    having.length > 0
      ? `It is an option of ${having.map(({ name }) => name).join(' and ')}.`
      : (nearest?.replace(/^\(|\)$/g, '') ?? 'vmclone-fix --help lists all options.')
  return new VmcloneError('BAD_OPTION', fact.replaceAll("'", '"'), { hint })
}
