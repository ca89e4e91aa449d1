import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments } from 'yaml'
import { VmcloneError } from '../errors/index.ts'
import type { ByteText } from './bytes.ts'
import { positionAt } from './position.ts'

/** A YAML value with every scalar as text, as it stands in the file: "yes" is "yes". A node without a value is ''. */
export type YamlData = string | readonly YamlData[] | YamlMapping
export type YamlMapping = ReadonlyMap<string, YamlData>

/** Keys of mappings and indices of sequences, from the root. */
export type YamlPath = readonly (string | number)[]

/** One YAML document with all its bytes. Immutable: edits (yaml-edit.ts) make a new one. */
export interface YamlDocument {
  /** For messages. */
  readonly file: string
  /** A UTF-8 byte order mark, or ''. */
  readonly bom: ByteText
  /** All else. */
  readonly body: ByteText
  /** Absent if the file holds no more than comments. */
  readonly root?: Node
  readonly data: YamlData
}

const BOM = '\u00ef\u00bb\u00bf'
/** Nodes, aliases followed; a network configuration has a few hundred. */
const LIMIT = 100_000

/** Reads byte text. Throws YAML_INVALID, with the position, for syntax errors, repeated keys and a second document. */
export function parseYaml(text: ByteText, file: string): YamlDocument {
  const bom = text.startsWith(BOM) ? BOM : ''
  const body = text.slice(bom.length)
  const lone = /\r(?!\n)/.exec(body)
  if (lone) throw invalid(body, file, lone.index, 'a carriage return ends the line')
  const [first, second] = documentsOf(body, file)
  if (second) throw invalid(body, file, second.range[0], 'a second document begins')
  const [error] = first?.errors ?? []
  if (error) throw invalid(body, file, error.pos[0], lowerFirst(error.message))
  const root = first?.contents ?? undefined
  return { file, bom, body, ...(root ? { root } : {}), data: root ? readRoot(root, body, file) : '' }
}

/** The bytes of the document. */
export function printYaml(document: YamlDocument): ByteText {
  return document.bom + document.body
}

/** The value at a path; undefined if there is none. */
export function yamlAt(data: YamlData | undefined, path: YamlPath): YamlData | undefined {
  return path.reduce<YamlData | undefined>((value, step) => {
    if (typeof step === 'string') return isMapping(value) ? value.get(step) : undefined
    return isSequence(value) ? value[step] : undefined
  }, data)
}

export function isMapping(value: YamlData | undefined): value is YamlMapping {
  return value instanceof Map
}

export function isSequence(value: YamlData | undefined): value is readonly YamlData[] {
  return Array.isArray(value)
}

function documentsOf(body: ByteText, file: string) {
  try {
    // "failsafe": every scalar is text; netplan and cloud-init each have words of their own for true and false.
    const found = parseAllDocuments(body, {
      schema: 'failsafe',
      keepSourceTokens: true,
      prettyErrors: false,
      logLevel: 'silent',
    })
    return [...found]
  } catch (cause) {
    throw new VmcloneError('YAML_INVALID', `${file} cannot be read as YAML`, { cause })
  }
}

function readRoot(root: Node, body: ByteText, file: string): YamlData {
  const anchors = new Map<string, YamlData>()
  let left = LIMIT
  const read = (node: unknown): YamlData => {
    if (--left < 0) throw invalid(body, file, 0, 'it has too many nodes')
    if (isAlias(node)) return spend(anchors.get(node.source) ?? '')
    const value = readPlain(node)
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined)
      anchors.set(node.anchor, value)
    return value
  }
  const readPlain = (node: unknown): YamlData => {
    if (isMap(node)) return new Map(node.items.map(({ key, value }) => [keyText(key), read(value)]))
    if (isSeq(node)) return node.items.map(read)
    return isScalar(node) && node.value !== null && node.value !== undefined ? String(node.value) : ''
  }
  const spend = (value: YamlData): YamlData => {
    const inner = isMapping(value) ? [...value.values()] : isSequence(value) ? value : []
    for (const one of inner) spend(one)
    if (--left < 0) throw invalid(body, file, 0, 'its aliases stand for too much')
    return value
  }
  try {
    return read(root)
  } catch (cause) {
    if (cause instanceof VmcloneError) throw cause
    throw new VmcloneError('YAML_INVALID', `${file} is nested too deeply`, { cause })
  }
}

/** A key as text; a key that is no scalar gets one that nobody asks for. */
export function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value ?? '') : '\0'
}

function invalid(body: ByteText, file: string, offset: number, fault: string): VmcloneError {
  const position = positionAt(body, offset, file)
  const where = `${file}:${position.line}:${position.column ?? 1}`
  return new VmcloneError('YAML_INVALID', `${where}: ${fault}`, { position })
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1)
}
