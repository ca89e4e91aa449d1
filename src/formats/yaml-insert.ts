import type { Node, YAMLMap, YAMLSeq } from 'yaml'
import type { ByteText } from './bytes.ts'
import { dashOf, endOf, endOfPair, isFlow, lineEnd, lineStart, startOf, uneditable } from './yaml-nodes.ts'
import { keyText, type YamlData, type YamlDocument } from './yaml-spans.ts'
import { styleOf, writeFlow, writeItem, writePair, writeScalar } from './yaml-write.ts'

/** Text in place of the bytes from..to. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly text: ByteText
}

/** The span that gives a mapping a further pair. */
export function insertPairSpan(
  document: YamlDocument,
  map: YAMLMap<Node, Node | null>,
  key: string,
  value: YamlData,
  after: readonly string[],
): Span {
  const { body } = document
  const pair = map.items.findLast((one) => after.includes(keyText(one.key))) ?? map.items.at(-1)
  if (isFlow(map)) {
    const text = `${writeScalar(key)}: ${writeFlow(value)}`
    return pair ? here(endOfPair(pair), `, ${text}`) : here(startOf(map) + 1, text)
  }
  const [first] = map.items
  if (!pair || !first) throw uneditable(document, startOf(map), 'the mapping is empty')
  const from = startOf(first.key)
  const indent = body.slice(lineStart(body, from), from).replace(/[^\t]/g, ' ')
  return lineBehind(body, endOfPair(pair), (style) => writePair(key, value, indent, style))
}

/** The span that gives a sequence an item before the one at `index`, or behind the last. */
export function insertItemSpan(document: YamlDocument, seq: YAMLSeq, index: number, value: YamlData): Span {
  const { body } = document
  const items = seq.items as Node[]
  const next = items[index]
  const last = items.at(-1)
  if (isFlow(seq)) {
    if (next) return here(startOf(next), `${writeFlow(value)}, `)
    return last ? here(endOf(last), `, ${writeFlow(value)}`) : here(startOf(seq) + 1, writeFlow(value))
  }
  const first = dashOf(seq, 0) ?? startOf(seq)
  const indent = body.slice(lineStart(body, first), first).replace(/[^\t]/g, ' ')
  if (!next) return lineBehind(body, endOf(seq), (style) => writeItem(value, indent, style))
  const dash = dashOf(seq, index) ?? startOf(next)
  const style = styleOf(body)
  // The first dash may stand behind a key or another dash.
  return here(dash, `${writeItem(value, indent, style).slice(indent.length)}${style.end}${indent}`)
}

function here(at: number, text: ByteText): Span {
  return { from: at, to: at, text }
}

function lineBehind(body: ByteText, end: number, write: (style: ReturnType<typeof styleOf>) => string): Span {
  const style = styleOf(body)
  const at = lineEnd(body, end)
  const open = at > 0 && body[at - 1] !== '\n'
  return here(at, open ? style.end + write(style) : write(style) + style.end)
}
