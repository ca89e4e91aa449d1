import { posix } from 'node:path'
import { matchesGlob } from '../../guest/glob.ts'
import type { GuestTree } from '../../guest/tree.ts'
import { type NftBlock, type NftStatement, parseNft } from './nft-syntax.ts'

/** A piece of a chain: chains that are opened again get longer. */
export interface ChainPart {
  readonly file: string
  readonly block: NftBlock
}

/** What the files of a ruleset make together. */
export interface Ruleset {
  /** By table, then by name. */
  readonly chains: ReadonlyMap<string, ReadonlyMap<string, readonly ChainPart[]>>
  /** Elements of named sets, by table and name: "inet filter allowed". */
  readonly sets: ReadonlyMap<string, readonly string[]>
}

/** Why a ruleset cannot be told from its files. */
export class NotPlain {
  readonly because: string
  constructor(because: string) {
    this.because = because
  }
}

const INCLUDES = 16
/** Where names without a slash in front are looked for. */
const BASE = '/etc'
const HARMLESS = /^(flush ruleset|define|(add|delete|destroy|flush) table)\b/

/** Reads a ruleset and what it includes, among the files that these patterns name. */
export function readRuleset(tree: GuestTree, main: string, reads: readonly string[]): Ruleset | NotPlain {
  const chains = new Map<string, Map<string, ChainPart[]>>()
  const sets = new Map<string, readonly string[]>()
  const read = (file: string, depth: number): NotPlain | undefined => {
    const text = tree.text(file)
    const statements = text === undefined ? undefined : parseNft(text)
    if (statements === undefined || depth > INCLUDES) return new NotPlain(`${file} cannot be read`)
    for (const statement of statements) {
      const fault = statement.words[0] === 'include' ? include(statement, depth) : take(statement, file)
      if (fault !== undefined) return fault
    }
    return undefined
  }
  const include = ({ words }: NftStatement, depth: number): NotPlain | undefined => {
    const path = posix.resolve(BASE, (words[1] ?? '').replaceAll('"', ''))
    const files = reads
      .flatMap((one) => tree.glob(one))
      .map((node) => node.path)
      .filter((one) => matchesGlob(one, path))
    const none = /[*?]/.test(path) && reads.some((one) => matchesGlob(path, one))
    const known = files.length > 0 || none
    if (!known) return new NotPlain(`it includes ${path}, which is not looked at`)
    for (const file of new Set(files)) {
      const fault = read(file, depth + 1)
      if (fault !== undefined) return fault
    }
    return undefined
  }
  const take = ({ words, block }: NftStatement, file: string): NotPlain | undefined => {
    const line = words.join(' ')
    if (block === undefined)
      return words[0] === 'table' || HARMLESS.test(line)
        ? undefined
        : new NotPlain(`${file} holds the command "${words.slice(0, 3).join(' ')}"`)
    const table = words.length === 2 ? `ip ${words[1]}` : words.slice(1).join(' ')
    const own = chains.get(table) ?? new Map<string, ChainPart[]>()
    const dormant = block.statements.some((one) => one.words[0] === 'flags' && one.words.includes('dormant'))
    for (const statement of block.statements) {
      const [kind = '', name = ''] = statement.words
      if (kind === 'include') return new NotPlain(`a table in ${file} includes another file`)
      if (kind === 'set') sets.set(`${table} ${name}`, elementsOf(statement.words))
      if (kind !== 'chain' || statement.block === undefined || dormant) continue
      if (statement.block.statements.some((one) => one.words[0] === 'include'))
        return new NotPlain(`a chain in ${file} includes another file`)
      own.set(name, [...(own.get(name) ?? []), { file, block: statement.block }])
    }
    chains.set(table, own)
    return undefined
  }
  return read(main, 0) ?? { chains, sets }
}

/** "elements = { a, b }" in a set's words. */
function elementsOf(words: readonly string[]): string[] {
  const at = words.indexOf('elements')
  const open = at < 0 ? -1 : words.indexOf('{', at)
  return open < 0 ? [] : words.slice(open + 1, words.indexOf('}', open)).filter((word) => word !== ',')
}
