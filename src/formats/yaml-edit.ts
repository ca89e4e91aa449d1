import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml'
import { editData } from './yaml-data.ts'
import { insertItemSpan, insertPairSpan, type Span } from './yaml-insert.ts'
import {
  colonOf,
  dashOf,
  endOf,
  endOfPair,
  isFlow,
  lineEnd,
  nodeAt,
  pairOf,
  refuseSharedWithin,
  startOf,
  uneditable,
} from './yaml-nodes.ts'
import { removeItemSpan, removePairSpan } from './yaml-remove.ts'
import {
  isMapping,
  parseYaml,
  printYaml,
  type YamlData,
  type YamlDocument,
  type YamlPath,
  yamlAt,
} from './yaml-spans.ts'
import { doubleQuoted, isInline, styleOf, writeBlock, writeFlow, writeScalar } from './yaml-write.ts'

/**
 * Gives a path a value. A scalar keeps its quotes and what stands behind it; a new key goes behind the last of the
 * siblings `after` that is there, else to the end of its mapping. Mappings on the way are made, then the
 * first of them goes there.
 * Throws YAML_UNEDITABLE for aliases, anchors, and text that cannot be edited in place.
 */
export function setYaml(
  document: YamlDocument,
  path: YamlPath,
  value: YamlData,
  after: readonly string[] = [],
): YamlDocument {
  if (isDeepStrictEqual(yamlAt(document.data, path), value)) return document
  const key = path.at(-1)
  const parent = path.slice(0, -1)
  if (key === undefined) throw uneditable(document, 0, 'the whole document would be replaced')
  if (typeof key === 'string' && !isMapping(yamlAt(document.data, parent)))
    return setYaml(document, parent, new Map([[key, value]]), after)
  const node = nodeAt(document, parent)
  const expected = editData(document.data, path, value)
  if (isMap(node) && typeof key === 'string') {
    const map = node as YAMLMap<Node, Node | null>
    const pair = pairOf(document, map, key)
    if (!pair) return spliced(document, insertPairSpan(document, map, key, value, after), expected)
    refuseSharedWithin(document, pair.value)
    if (isScalar(pair.value) && typeof value === 'string' && pair.value.source !== '')
      return spliced(document, scalarSpan(document, pair.value, value), expected)
    const colon = colonOf(pair)
    if (colon === undefined) throw uneditable(document, startOf(pair.key), `"${key}" has no colon`)
    return spliced(
      document,
      replaceSpan(document, startOf(pair.key), colon + 1, endOfPair(pair), value, isFlow(map)),
      expected,
    )
  }
  const item = isSeq(node) && typeof key === 'number' ? (node.items[key] as Node | undefined) : undefined
  if (!node || !item || typeof key !== 'number')
    throw uneditable(document, startOf(node), 'there is no such item')
  refuseSharedWithin(document, item)
  const dash = dashOf(node, key)
  const from = dash === undefined ? startOf(item) : dash + 1
  const text = `${dash === undefined ? '' : ' '}${writeFlow(value)}`
  const span =
    isScalar(item) && typeof value === 'string' && item.source !== ''
      ? scalarSpan(document, item, value)
      : { from, to: Math.max(from, endOf(item)), text }
  return spliced(document, span, expected)
}

/** Inserts an item into a sequence that has one already, before the one at `index` or behind the last. */
export function insertYaml(
  document: YamlDocument,
  path: YamlPath,
  index: number,
  value: YamlData,
): YamlDocument {
  const node = nodeAt(document, path)
  if (!isSeq(node)) throw uneditable(document, startOf(node), 'there is no list here')
  return spliced(
    document,
    insertItemSpan(document, node, index, value),
    editData(document.data, [...path, index], value, 'insert'),
  )
}

/** Takes a key or an item out, with the comment on its line. The last one leaves an empty collection behind. */
export function removeYaml(document: YamlDocument, path: YamlPath): YamlDocument {
  const key = path.at(-1)
  if (key === undefined || yamlAt(document.data, path) === undefined) return document
  const parent = path.slice(0, -1)
  const node = nodeAt(document, parent)
  refuseSharedWithin(document, nodeAt(document, path))
  const sole = (isMap(node) || isSeq(node)) && node.items.length === 1
  if (sole && !isFlow(node) && parent.length > 0)
    return setYaml(document, parent, isMap(node) ? new Map() : [])
  const expected = editData(document.data, path, undefined)
  if (isMap(node) && typeof key === 'string')
    return spliced(document, removePairSpan(document, node as YAMLMap<Node, Node | null>, key), expected)
  if (isSeq(node) && typeof key === 'number')
    return spliced(document, removeItemSpan(document, node, key), expected)
  throw uneditable(document, startOf(node), 'there is nothing to take out')
}

/** Gives a key another name; its value stays. */
export function renameYaml(document: YamlDocument, path: YamlPath, key: string): YamlDocument {
  const old = path.at(-1)
  const node = nodeAt(document, path.slice(0, -1))
  const pair = isMap(node) ? pairOf(document, node as YAMLMap<Node, Node | null>, String(old)) : undefined
  if (!pair || !isScalar(pair.key)) throw uneditable(document, startOf(node), `there is no key "${old}"`)
  return spliced(document, scalarSpan(document, pair.key, key), editData(document.data, path, key, 'rename'))
}

function scalarSpan(document: YamlDocument, node: Scalar, value: string): Span {
  const [from, to] = node.range as [number, number, number]
  const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
  if (block) return { from, to, text: writeScalar(value) + styleOf(document.body).end }
  if (node.type === 'QUOTE_DOUBLE') return { from, to, text: doubleQuoted(value) }
  if (node.type === 'QUOTE_SINGLE' && /^[ -~]*$/.test(value))
    return { from, to, text: `'${value.replaceAll("'", "''")}'` }
  // A plain address stays plain where it was: the same kind of text stands in its place.
  const plain = /^[\w./][\w./+@:-]*$/.test(value) && !/:$|^[1-9][\d_]*(:[0-5]?\d)+$/.test(value)
  const same = plain && node.source?.includes(':') && value.includes(':')
  return { from, to, text: same ? value : writeScalar(value) }
}

function replaceSpan(
  document: YamlDocument,
  keyStart: number,
  from: number,
  to: number,
  value: YamlData,
  flow: boolean,
): Span {
  const { body } = document
  const style = styleOf(body)
  if (flow || isInline(value, style)) return { from, to, text: ` ${writeFlow(value)}` }
  const indent = indentAt(body, keyStart)
  const block = writeBlock(value, indent, style)
  const empty = body.slice(from, to).trim() === ''
  if (!empty) return { from, to, text: style.end + block }
  const at = lineEnd(body, from)
  const open = body[at - 1] !== '\n'
  return { from: at, to: at, text: open ? style.end + block : block + style.end }
}

/** The columns before an offset as blanks: a dash or another key's mark counts as one. */
function indentAt(body: string, offset: number): string {
  return body.slice(body.lastIndexOf('\n', offset - 1) + 1, offset).replace(/[^\t]/g, ' ')
}

/** Makes the edit and reads it again: it must say what was wanted, or nothing is changed. */
function spliced(document: YamlDocument, { from, to, text }: Span, expected: YamlData): YamlDocument {
  const body = document.body.slice(0, from) + text + document.body.slice(to)
  let next: YamlDocument
  try {
    next = parseYaml(printYaml({ ...document, body }), document.file)
  } catch {
    throw uneditable(document, from, 'the text here cannot be edited in place')
  }
  if (!isDeepStrictEqual(next.data, expected))
    throw uneditable(document, from, 'the text here cannot be edited in place')
  return next
}
