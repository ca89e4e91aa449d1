import { posix } from 'node:path'
import { matchesGlob } from '../../guest/glob.ts'
import type { GuestRead, GuestTree } from '../../guest/tree.ts'

const MAIN = ['/etc/ssh/sshd_config', '/usr/etc/ssh/sshd_config']
const PARTS = ['/etc/ssh/sshd_config.d/*.conf', '/usr/etc/ssh/sshd_config.d/*.conf']

/** What must be read to know where sshd listens. */
export const SSHD_CONFIG_READS: readonly GuestRead[] = [...MAIN, ...PARTS]

/** Where sshd listens, loopback addresses left out. */
export interface Listening {
  /** Without repetition; none if it listens on loopback alone. */
  readonly ports: readonly number[]
  /** The addresses that it is bound to; absent if it listens on all. */
  readonly addresses?: readonly string[]
}

const USUAL = 22
const INCLUDES = 16
const EVERYWHERE = /^(?:0\.0\.0\.0|::|\*)$/
const LOOPBACK = /^(?:127\.|::1$|localhost$)/

/** Reads sshd_config and what it includes; Match blocks are passed over, as neither Port nor ListenAddress may stand there. */
export function listeningOf(tree: GuestTree): Listening {
  const main = MAIN.find((path) => tree.file(path))
  const lines = main === undefined ? [] : settings(tree, main, 0)
  const valuesOf = (name: string) => lines.flatMap(([key, value]) => (key === name ? value : []))
  const given = valuesOf('port').map(Number).filter(isPort)
  const usual = given.length === 0 ? [USUAL] : given
  const bound = valuesOf('listenaddress').map(addressOf)
  if (bound.length === 0) return { ports: unique(usual) }
  const reachable = bound.filter(({ address }) => !LOOPBACK.test(address))
  const ports = unique(reachable.flatMap(({ port }) => (port === undefined ? usual : port)))
  const addresses = unique(bound.map(({ address }) => address))
  return addresses.some((address) => EVERYWHERE.test(address)) ? { ports } : { ports, addresses }
}

type Setting = readonly [key: string, value: string]

/** Keys are lower case; of the values the first word. */
function settings(tree: GuestTree, path: string, depth: number): Setting[] {
  const found: Setting[] = []
  for (const line of (tree.text(path) ?? '').split(/\r?\n/)) {
    const [, name, rest = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? []
    const key = name?.toLowerCase()
    if (key === 'match') return found
    const words = wordsOf(rest)
    if (key === 'include' && depth < INCLUDES)
      found.push(
        ...words.flatMap((word) => included(tree, word).flatMap((one) => settings(tree, one, depth + 1))),
      )
    else if (key !== undefined && words[0] !== undefined) found.push([key, words[0]])
  }
  return found
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
