import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { asVmcloneError, type VmcloneError } from '../errors/index.ts'
import type { Command } from './command.ts'
import { COMMANDS, MAIN } from './commands/index.ts'
import { givenByEnvironment, strangeVariables } from './options/environment.ts'
import type { Given, Values } from './options/given.ts'
import { parseArguments } from './program.ts'
import { interruptible } from './signals.ts'
import { type Terminal, widthOf } from './terminal.ts'

/** The whole command line: shows the result and gives the exit status. Never throws. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  let shape = { json: wantsJson(argv, terminal), verbose: false, quiet: false }
  try {
    const parsed = parseArguments(argv, {
      commands: COMMANDS,
      main: MAIN,
      version: version(),
      width: widthOf(terminal.stdout),
      exists: (path) => existsSync(resolve(terminal.cwd, path)),
    })
    if ('text' in parsed) {
      terminal.stdout.write(parsed.text)
      return 0
    }
    const { command, operands } = parsed
    const values = await gather(command, operands, parsed.given, terminal)
    shape = {
      json: values.json?.value ?? false,
      verbose: values.verbose?.value ?? false,
      quiet: values.quiet?.value ?? false,
    }
    return await interruptible(terminal.stderr, (signal) =>
      command.run({ operands, values, terminal, signal }),
    )
  } catch (thrown) {
    const error = asVmcloneError(thrown)
    await showError(error, shape, terminal)
    return error.exit
  }
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** Faults of the arguments come before --json is read; this finds it all the same. */
function wantsJson(argv: readonly string[], { environment }: Terminal): boolean {
  const end = argv.indexOf('--')
  if ((end < 0 ? argv : argv.slice(0, end)).includes('--json')) return true
  return /^(true|yes|on|1)$/i.test(environment.VMCLONE_FIX_JSON ?? '')
}

async function gather(
  command: Command,
  operands: readonly string[],
  arguments_: readonly Given[],
  { environment, cwd, stderr }: Terminal,
): Promise<Values> {
  const { readGiven } = await import('./options/given.ts')
  const near = [...arguments_, ...givenByEnvironment(environment)]
  const config = readGiven(near.filter(({ name }) => name === 'config')).config?.value
  const { findConfig } = await import('./config/find.ts')
  const [operand] = operands
  const files = await findConfig({
    cwd,
    environment,
    ...(config === undefined ? {} : { config }),
    ...placeOf(command, operand),
  })
  const sections = COMMANDS.map(({ name }) => name)
  const far =
    files.length === 0
      ? []
      : (await import('./config/given.ts')).givenByConfig(files, { command: command.name, sections })
  const values = readGiven([...near, ...far].filter(({ name }) => command.options.includes(name)))
  if (!values.quiet?.value) {
    const { visible } = await import('./render/escape.ts')
    for (const name of strangeVariables(environment)) {
      stderr.write(`vmclone-fix: ${visible(name)} is no option and is ignored\n`)
    }
    for (const { path } of files) stderr.write(`vmclone-fix: options are read from ${visible(path)} too\n`)
  }
  return values
}

function placeOf({ operandIs }: Command, operand: string | undefined): { vmx?: string; guest?: string } {
  if (operand === undefined || operandIs === 'file') return {}
  return operandIs === 'guest' ? { guest: operand } : { vmx: operand }
}

async function showError(
  error: VmcloneError,
  { json, verbose, quiet }: { json: boolean; verbose: boolean; quiet: boolean },
  terminal: Terminal,
): Promise<void> {
  if (json) {
    const { jsonError } = await import('./render/document.ts')
    terminal.stdout.write(jsonError(error))
    return
  }
  const { renderError } = await import('./render/error.ts')
  terminal.stderr.write(renderError(error, terminal, verbose))
  if (quiet || error.notices.length === 0) return
  const { lookOf } = await import('./render/paint.ts')
  const { renderNotices } = await import('./render/notices.ts')
  terminal.stderr.write(
    `\n${renderNotices(error.notices, lookOf(terminal.stderr, terminal.environment)).join('\n')}`,
  )
}
