import { posix } from 'node:path'
import { matchesGlob } from '../../guest/glob.ts'
import type { GuestRead, GuestTree } from '../../guest/tree.ts'
import type { SshdArguments } from './sshd-arguments.ts'

const MAIN = ['/etc/ssh/sshd_config', '/usr/etc/ssh/sshd_config']
const PARTS = ['/etc/ssh/sshd_config.d/*.conf', '/usr/etc/ssh/sshd_config.d/*.conf']

/** Where others lie that -f may name. */
const OTHERS = '/etc/ssh/sshd*'

/** What must be read to know where sshd listens. */
export const SSHD_CONFIG_READS: readonly GuestRead[] = [...MAIN, ...PARTS, OTHERS]

/** Where sshd listens, loopback addresses left out. */
export interface Listening {
  /** Without repetition; none if it listens on loopback alone. */
  readonly ports: readonly number[]
  /** The addresses that it is bound to; absent if it listens on all. */
  readonly addresses?: readonly string[]
  /** The file that it was told to read and that was not found. */
  readonly unread?: string
}

const USUAL = 22
const INCLUDES = 16
const EVERYWHERE = /^(?:0\.0\.0\.0|::|\*)$/
const LOOPBACK = /^(?:127\.|::1$|localhost$)/

const NO_ARGUMENTS: SshdArguments = { ports: [], lines: [] }

/** Reads sshd_config and what it includes; Match blocks are passed over, as neither Port nor ListenAddress may stand there. */
export function listeningOf(
  tree: GuestTree,
  { ports: told, lines, config }: SshdArguments = NO_ARGUMENTS,
): Listening {
  const main = config ?? MAIN.find((path) => tree.file(path))
  const known = lines.map(settingOf).filter((one) => one !== undefined)
  const all = main === undefined ? known : [...known, ...settings(tree, main, 0)]
  const unread = config === undefined || tree.text(config) !== undefined ? {} : { unread: config }
  const valuesOf = (name: string, of = all) =>
    of.flatMap(([key, words]) => (key === name ? (words[0] ?? []) : []))
  const given = valuesOf('port', told.length > 0 ? known : all).map(Number)
  const ports = [...told, ...given].filter(isPort)
  const usual = ports.length === 0 ? [USUAL] : ports
  const bound = valuesOf('listenaddress').map(addressOf)
  if (bound.length === 0) return { ports: unique(usual), ...unread }
  const reachable = bound.filter(({ address }) => !LOOPBACK.test(address))
  const open = unique(reachable.flatMap(({ port }) => (port === undefined ? usual : port)))
  const addresses = unique(bound.map(({ address }) => address))
  const everywhere = addresses.some((address) => EVERYWHERE.test(address))
  return { ports: open, ...unread, ...(everywhere ? {} : { addresses }) }
}

type Setting = readonly [key: string, words: readonly string[]]

function settings(tree: GuestTree, path: string, depth: number): Setting[] {
  const found: Setting[] = []
  for (const line of (tree.text(path) ?? '').split(/\r?\n/)) {
    const setting = settingOf(line)
    if (setting === undefined) continue
    const [key, words] = setting
    if (key === 'match') return found
    if (key === 'include' && depth < INCLUDES)
      found.push(
        ...words.flatMap((word) => included(tree, word).flatMap((one) => settings(tree, one, depth + 1))),
      )
    else found.push(setting)
  }
  return found
}

/** Its key is lower case. */
function settingOf(line: string): Setting | undefined {
  const [, name, rest = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? []
  const words = wordsOf(rest)
  return name === undefined || words.length === 0 ? undefined : [name.toLowerCase(), words]
}

function wordsOf(text: string): string[] {
  const words = [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
  const comment = words.findIndex((word) => word.startsWith('#'))
  return comment < 0 ? words : words.slice(0, comment)
}

/** The files that a pattern includes, in the order of their names: among those that are read. */
function included(tree: GuestTree, word: string): string[] {
  const pattern = posix.resolve('/etc/ssh', word)
  const read = [...MAIN, ...PARTS].flatMap((one) => tree.glob(one)).map(({ path }) => path)
  return read.filter((path) => matchesGlob(path, pattern))
}

/** "host", "host:port", "[host]:port", or an IPv6 address alone. */
function addressOf(word: string): { address: string; port?: number } {
  const [, six, four, digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(word) ?? []
  const address = six ?? four ?? word
  const port = Number(digits)
  return isPort(port) ? { address, port } : { address }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65536
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
