import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
} from 'yaml'
import { VmcloneError } from '../errors/index.ts'
import type { ByteText } from './bytes.ts'
import { positionAt } from './position.ts'
import { keyText, type YamlDocument, type YamlPath } from './yaml-spans.ts'

/** A pair of a mapping as it is read: both sides are nodes. */
export type YamlPair = Pair<Node, Node | null>

/** The node at a path. Throws YAML_UNEDITABLE where aliases or anchors make it part of something else as well. */
export function nodeAt(document: YamlDocument, path: YamlPath): Node | undefined {
  let node: Node | undefined = document.root
  for (const step of path) {
    refuseShared(document, node)
    if (isMap(node) && typeof step === 'string')
      node = pairOf(document, node as YAMLMap<Node, Node | null>, step)?.value ?? undefined
    else if (isSeq(node) && typeof step === 'number') node = node.items[step] as Node | undefined
    else return undefined
  }
  refuseShared(document, node)
  return node
}

/** The pair with this key. Throws YAML_UNEDITABLE for mappings that take in others ("<<"). */
export function pairOf(
  document: YamlDocument,
  map: YAMLMap<Node, Node | null>,
  key: string,
): YamlPair | undefined {
  const merge = map.items.find((pair) => keyText(pair.key) === '<<')
  if (merge) throw uneditable(document, startOf(merge.key), 'a mapping takes in another one by "<<"')
  return map.items.find((pair) => keyText(pair.key) === key)
}

/** Throws YAML_UNEDITABLE if an alias or anchor stands anywhere in the node. */
export function refuseSharedWithin(document: YamlDocument, node: Node | null | undefined): void {
  if (node) visit(node, { Node: (_, inner) => refuseShared(document, inner as Node) })
}

function refuseShared(document: YamlDocument, node: Node | null | undefined): void {
  if (isAlias(node)) throw uneditable(document, startOf(node), `the alias *${node.source} stands here`)
  if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined)
    throw uneditable(document, startOf(node), `the anchor &${node.anchor} stands here`)
}

/** Throws if the text around a node is of a kind that cannot be edited in place. */
export function uneditable(document: YamlDocument, offset: number, why: string): VmcloneError {
  const position = positionAt(document.body, offset, document.file)
  return new VmcloneError('YAML_UNEDITABLE', `${document.file}:${position.line}: ${why}`, { position })
}

export function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0
}

/** Where the colon of a pair stands; undefined if it has none. */
export function colonOf(pair: YamlPair): number | undefined {
  return pair.srcToken?.sep?.find((token) => token.type === 'map-value-ind')?.offset
}

/** End of all that belongs to a pair, comments behind it not counted. */
export function endOfPair(pair: YamlPair): number {
  const colon = colonOf(pair)
  const bare = colon === undefined ? (pair.key.range?.[1] ?? 0) : colon + 1
  return pair.value ? Math.max(bare, endOf(pair.value)) : bare
}

/** End of a node's last character; 0 for a node without any. */
export function endOf(node: Node): number {
  const [start = 0, end = 0] = node.range ?? []
  // A node without text has its place behind comments that are not its own.
  if (!isCollection(node)) return start === end ? 0 : end
  if (isFlow(node)) return end
  if (isSeq(node)) {
    const last = node.items.length - 1
    const dash = dashOf(node, last)
    return Math.max(dash === undefined ? 0 : dash + 1, endOf(node.items[last] as Node))
  }
  return endOfPair((node as YAMLMap).items.at(-1) as YamlPair)
}

export function isFlow(node: Node): boolean {
  return isCollection(node) && node.flow === true
}

/** Where the dash of an item of a block sequence stands. */
export function dashOf(node: Node, index: number): number | undefined {
  const token = isSeq(node) ? node.srcToken : undefined
  if (token?.type !== 'block-seq') return undefined
  return token.items[index]?.start.find((one) => one.type === 'seq-item-ind')?.offset
}

export function lineStart(body: ByteText, offset: number): number {
  return body.lastIndexOf('\n', offset - 1) + 1
}

/** Offset behind the end of the line in which the text before `offset` stands. */
export function lineEnd(body: ByteText, offset: number): number {
  if (offset > 0 && body[offset - 1] === '\n') return offset
  const end = body.indexOf('\n', offset)
  return end < 0 ? body.length : end + 1
}
