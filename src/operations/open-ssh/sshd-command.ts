import { parseShell, shellValue } from '../../formats/shell-assignments.ts'
import { matchesGlob } from '../../guest/glob.ts'
import type { GuestRead, GuestTree } from '../../guest/tree.ts'
import { hasSystemd } from '../systemd.ts'
import { serviceText } from './systemd-units.ts'

/** Files that hold options for sshd, in variables that its unit or script puts behind it. */
const VARIABLES = {
  '/etc/default/ssh': 'SSHD_OPTS',
  '/etc/default/sshd': 'SSHD_OPTS',
  '/etc/sysconfig/sshd': 'OPTIONS',
  '/etc/sysconfig/ssh': 'SSHD_OPTS',
} as const
const OPENRC = '/etc/conf.d/sshd'
const RUNIT = { run: '/etc/sv/sshd/run', conf: '/etc/sv/sshd/conf' }
/** Scripts and jobs whose own line starts it. */
const SCRIPTS = ['/etc/rc.d/rc.sshd', '/etc/init/ssh.conf']
/** Where units have variables from; RHEL's have the ciphers from the last. */
const ENVIRONMENT = [
  '/etc/default/ssh*',
  '/etc/sysconfig/ssh*',
  '/etc/ssh/sshd*',
  '/etc/crypto-policies/back-ends/opensshserver.config',
]

/** What must be read to know sshd's options, beside units. */
export const COMMAND_READS: readonly GuestRead[] = [
  ...ENVIRONMENT,
  OPENRC,
  ...Object.values(RUNIT),
  ...SCRIPTS,
]

type Variables = (name: string) => string | undefined

/** The words that stand behind sshd where its init starts it, variables replaced by what files of the guest say; no more is known of a script. */
export function sshdWords(tree: GuestTree): string[] {
  if (hasSystemd(tree)) return systemdWords(tree)
  if (tree.exists(OPENRC)) return openrcWords(tree)
  if (tree.exists(RUNIT.run)) return lineWords(tree, RUNIT.run, variablesIn(tree, [RUNIT.run, RUNIT.conf]))
  const own = SCRIPTS.flatMap((path) => lineWords(tree, path, () => undefined))
  return [...own, ...Object.entries(VARIABLES).flatMap(([path, name]) => split(valueIn(tree, path, name)))]
}

/** The files that sshd's unit takes variables for its command line from, and that were not read. */
export function unreadVariables(tree: GuestTree): string[] {
  if (!hasSystemd(tree)) return []
  const listOf = unitLists(tree)
  if (!/sshd\s.*\$/.test(listOf('ExecStart').at(-1) ?? '')) return []
  return environmentFiles(listOf).filter((path) => !ENVIRONMENT.some((read) => matchesGlob(path, read)))
}

/** The values of a setting of sshd's unit, without those that an empty one takes back. */
function unitLists(tree: GuestTree): (name: string) => string[] {
  const lines = serviceText(tree)
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
  const settings = lines.flatMap((line) => {
    const [, key, value] = /^[ \t]*(\w+)[ \t]*=[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    return key === undefined || value === undefined ? [] : [[key, value] as const]
  })
  return (name) => {
    const values = settings.flatMap(([key, value]) => (key === name ? [value] : []))
    return values.slice(values.lastIndexOf('') + 1)
  }
}

function environmentFiles(listOf: (name: string) => string[]): string[] {
  return listOf('EnvironmentFile').map((value) => value.replace(/^-/, ''))
}

function systemdWords(tree: GuestTree): string[] {
  const listOf = unitLists(tree)
  const fromFiles = variablesIn(tree, environmentFiles(listOf))
  const own = new Map(
    listOf('Environment').flatMap((value) =>
      wordsOf(value).map((word) => {
        const at = word.indexOf('=')
        return [word.slice(0, at), word.slice(at + 1)] as const
      }),
    ),
  )
  const command = listOf('ExecStart').at(-1)
  return command === undefined ? [] : behindSshd(command, (name) => fromFiles(name) ?? own.get(name))
}

/** Gentoo's and Alpine's script adds -f where another file is named. */
function openrcWords(tree: GuestTree): string[] {
  const value = (name: string) => valueIn(tree, OPENRC, name)
  const directory = value('SSHD_CONFDIR')
  const config = value('SSHD_CONFIG') ?? (directory === undefined ? undefined : `${directory}/sshd_config`)
  return [...split(value('SSHD_OPTS')), ...(config === undefined ? [] : ['-f', config])]
}

function lineWords(tree: GuestTree, path: string, variables: Variables): string[] {
  const lines = (tree.text(path) ?? '').replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)
  const line = lines.findLast((one) => /^\s*(?:exec\s+)?(?:\S*\/)?sshd(?:\s|$)/.test(one))
  return line === undefined ? [] : behindSshd(line.replace(/\s(?:#|[\d&]*[<>|;]).*$/, ''), variables)
}

function behindSshd(command: string, variables: Variables): string[] {
  const words = wordsOf(command).flatMap((word) => {
    const alone = /^\$(?:\{(\w+)[^}]*\}|(\w+))$/.exec(word)
    if (alone) return split(variables((alone[1] ?? alone[2]) as string))
    return word.replaceAll(
      /\$(?:\{(\w+)[^}]*\}|(\w+))/g,
      (_, braced, plain) => variables(braced ?? plain) ?? '',
    )
  })
  const at = words.findIndex((word) => /(^|[/@:+!-])sshd$/.test(word))
  return at < 0 ? [] : words.slice(at + 1)
}

function variablesIn(tree: GuestTree, files: readonly string[]): Variables {
  return (name) => files.map((path) => valueIn(tree, path, name)).findLast((value) => value !== undefined)
}

function valueIn(tree: GuestTree, path: string, name: string): string | undefined {
  return shellValue(parseShell(tree.text(path) ?? ''), name)
}

function split(value: string | undefined): string[] {
  return wordsOf(value ?? '')
}

/** Quotes hold a word together, as they do behind an equals sign. */
function wordsOf(text: string): string[] {
  return (text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) => word.replaceAll(/["']/g, ''))
}
