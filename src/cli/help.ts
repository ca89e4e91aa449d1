import type { Command } from './command.ts'
import { flagOf, GROUPS, type Option } from './options/option.ts'
import { type OptionName, optionOf } from './options/table.ts'
import { hang, wrap } from './wrap.ts'

const STATUSES: readonly (readonly [string, string])[] = [
  ['0', 'done, or nothing to do'],
  ['1', 'internal error'],
  ['2', 'the request is wrong'],
  ['3', 'refused; nothing was written'],
  ['4', 'the disk, the guest or libguestfs failed; the VM is as it was'],
  ['5', 'part of a batch failed; the report says which'],
  ['130', 'interrupted; the VM is as it was'],
]

/** The whole help: the default command in full, the others in a line each. */
export function mainHelp(commands: readonly Command[], main: Command, width: number): string {
  return paragraphs(
    wrap('Gives a cloned VMware VM an identity of its own, while it is powered off.', width).join('\n'),
    heading('Usage', [
      `  vmclone-fix <${main.operand}> [options]`,
      ...commands.filter((one) => one !== main).map((one) => `  vmclone-fix ${usage(one)}`),
    ]),
    examples(main, width),
    heading(
      'Commands',
      commands.map((one) => hang(`  ${one.name.padEnd(12)}`, one.summary, width)),
    ),
    ...optionGroups(main.options, width),
    ending(width),
  )
}

/** The help of one command. */
export function commandHelp(command: Command, width: number): string {
  return paragraphs(
    ...command.description.split('\n').map((paragraph) => wrap(paragraph, width).join('\n')),
    heading('Usage', [`  vmclone-fix ${usage(command)}`]),
    examples(command, width),
    ...optionGroups(command.options, width),
    ending(width),
  )
}

function usage({ name, operand }: Command): string {
  return operand === undefined ? `${name} [options]` : `${name} <${operand}> [options]`
}

function paragraphs(...parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function heading(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`${title}:`, ...lines].join('\n')
}

function examples(command: Command, width: number): string {
  return heading(
    'Examples',
    command.examples.flatMap(({ line, says }) => [
      `  ${line}`,
      ...wrap(says, width - 6).map((part) => `      ${part}`),
    ]),
  )
}

function optionGroups(names: readonly OptionName[], width: number): string[] {
  return GROUPS.map((group) => {
    const members = names.filter((name) => optionOf(name).group === group)
    return heading(
      group,
      members.map((name) => optionLines(name, optionOf(name), width)),
    )
  })
}

function optionLines(name: string, option: Option, width: number): string {
  const flag = `  ${option.short === undefined ? '    ' : `-${option.short}, `}${flagOf(name, option)}${
    option.value === undefined ? '' : ` ${option.value}`
  }`
  const text =
    option.description +
    (option.repeat ? '; may be repeated' : '') +
    (option.default === undefined ? '' : ` [${option.default}]`)
  const column = width >= 70 ? 32 : 10
  if (flag.length < column - 1) return hang(flag.padEnd(column), text, width)
  return `${flag}\n${hang(' '.repeat(column), text, width)}`
}

function ending(width: number): string {
  return paragraphs(
    wrap(
      'Every option is also read from the environment (--dry-run as VMCLONE_FIX_DRY_RUN=true) and from vmclone-fix.ini (dry-run = true); the command line wins, then the environment. --no-dry-run and the like switch off what those set. -h, --help and -V, --version do what they say.',
      width,
    ).join('\n'),
    heading(
      'Exit status',
      STATUSES.map(([status, meaning]) => hang(`  ${status.padEnd(5)}`, meaning, width)),
    ),
  ).trimEnd()
}
