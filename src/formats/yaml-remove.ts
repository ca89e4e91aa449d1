import type { Node, YAMLMap, YAMLSeq } from 'yaml'
import type { ByteText } from './bytes.ts'
import type { Span } from './yaml-insert.ts'
import { dashOf, endOf, endOfPair, isFlow, lineEnd, lineStart, startOf } from './yaml-nodes.ts'
import { keyText, type YamlDocument } from './yaml-spans.ts'

/** The span that takes a pair out of its mapping. */
export function removePairSpan({ body }: YamlDocument, map: YAMLMap<Node, Node | null>, key: string): Span {
  const index = map.items.findIndex((pair) => keyText(pair.key) === key)
  const edges = map.items.map((pair) => ({ from: startOf(pair.key), to: endOfPair(pair) }))
  return removeSpan(body, edges, index, isFlow(map))
}

/** The span that takes an item out of its sequence. */
export function removeItemSpan({ body }: YamlDocument, seq: YAMLSeq, index: number): Span {
  const flow = isFlow(seq)
  const edges = (seq.items as Node[]).map((item, i) => {
    const dash = flow ? undefined : dashOf(seq, i)
    return { from: dash ?? startOf(item), to: Math.max(endOf(item), dash === undefined ? 0 : dash + 1) }
  })
  return removeSpan(body, edges, index, flow)
}

type Edges = { readonly from: number; readonly to: number }

function removeSpan(body: ByteText, all: readonly Edges[], index: number, flow: boolean): Span {
  const { from, to } = all[index] as Edges
  const next = all[index + 1]
  if (flow) return { ...flowSpan(body, all, index), text: '' }
  const start = lineStart(body, from)
  if (body.slice(start, from).trim() === '') return { from: start, to: lineEnd(body, to), text: '' }
  // It stands behind a dash, so the next one takes its place.
  return { from, to: next?.from ?? to, text: '' }
}

function flowSpan(body: ByteText, all: readonly Edges[], index: number): Edges {
  const { from, to } = all[index] as Edges
  const comma = commaBehind(body, to)
  const next = all[index + 1]
  const start = lineStart(body, from)
  const alone = body.slice(start, from).trim() === ''
  const rest = comma === undefined ? to : comma + 1
  const end = lineEnd(body, rest)
  if (comma !== undefined && alone && /^[ \t]*(#.*)?\r?\n?$/.test(body.slice(rest, end)))
    return { from: start, to: end }
  if (next) return { from, to: next.from }
  const before = all[index - 1]
  if (comma !== undefined || !before)
    return { from: alone || !before ? from : before.to, to: before && !alone ? to : rest }
  return { from: before.to, to }
}

/** Offset of the comma that follows, blanks, line ends and comments passed over. */
function commaBehind(body: ByteText, offset: number): number | undefined {
  const gap = /^(?:[ \t\r\n]|(?<=[ \t\r\n])#[^\n]*)*/.exec(body.slice(offset))?.[0].length ?? 0
  return body[offset + gap] === ',' ? offset + gap : undefined
}
