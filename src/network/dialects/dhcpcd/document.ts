import type { ByteText } from '../../../formats/bytes.ts'
import { joinLines, type Line, lineEndOf, splitLines } from '../../../formats/lines.ts'

/** A dhcpcd.conf(5): what stands before the first header is for all interfaces. Immutable. */
export interface DhcpcdDocument {
  readonly lines: readonly Line[]
}

/** What is set in one place. "static routers" is a key of its own. */
export interface DhcpcdOption {
  /** "interface eth0", "profile x", "ssid y"; "" before the first. */
  readonly block: string
  readonly key: string
  readonly value: string
  /** False for "static" with blanks around its "=", which dhcpcd does not understand. */
  readonly understood: boolean
  /** Index of its line. */
  readonly index: number
}

const HEADER = /^\s*(interface|ssid|profile|arping)\s+(\S.*?)\s*$/
const FIXED = /^\s*static\s+([^\s=]+)(\s*=\s*)(.*?)\s*$/

/** Reads byte text; never fails. */
export function parseDhcpcd(text: ByteText): DhcpcdDocument {
  return { lines: splitLines(text) }
}

export function printDhcpcd({ lines }: DhcpcdDocument): ByteText {
  return joinLines(lines)
}

/** Names of the interfaces that have a block. */
export function blocksOf({ lines }: DhcpcdDocument): string[] {
  const names = lines.flatMap((line) => {
    const [, kind, name = ''] = HEADER.exec(bare(line)) ?? []
    return kind === 'interface' ? [name] : []
  })
  return [...new Set(names)]
}

/** Every option, in order. */
export function optionsOf({ lines }: DhcpcdDocument): DhcpcdOption[] {
  let block = ''
  return lines.flatMap((line, index) => {
    const text = bare(line)
    if (text.trim() === '') return []
    const [, kind, name] = HEADER.exec(text) ?? []
    if (kind !== undefined) block = `${kind} ${name}`
    if (kind !== undefined) return []
    const [, fixed, sign, is = ''] = FIXED.exec(text) ?? []
    if (fixed !== undefined)
      return [{ block, key: `static ${fixed}`, value: is, understood: sign === '=', index }]
    const [, key = '', value = ''] = /^\s*(\S+)\s*(.*?)\s*$/.exec(text) ?? []
    return [{ block, key, value, understood: true, index }]
  })
}

/** The options that count for an interface: those of its block, else those for all. */
export function optionsFor(document: DhcpcdDocument, name: string, key: string): DhcpcdOption[] {
  const all = optionsOf(document).filter((one) => one.key === key && one.understood)
  const own = all.filter(({ block }) => block === `interface ${name}`)
  return own.length > 0 ? own : all.filter(({ block }) => block === '')
}

/** The last of them, which has the say of most. */
export function optionFor(document: DhcpcdDocument, name: string, key: string): DhcpcdOption | undefined {
  return optionsFor(document, name, key).at(-1)
}

/** An option of the interface's own block. */
export function ownOption(document: DhcpcdDocument, name: string, key: string): DhcpcdOption | undefined {
  return optionsOf(document).findLast((one) => one.key === key && one.block === `interface ${name}`)
}

/** Gives a block its option: in the line that counts, else behind the last of `after`, else behind the header; makes the block. */
export function setOption(
  document: DhcpcdDocument,
  name: string,
  key: string,
  value: string,
  after: readonly string[],
): DhcpcdDocument {
  const own = ownOption(document, name, key)
  if (own?.value === value && own.understood) return document
  const end = lineEndOf(document.lines)
  const written = key.startsWith('static ') ? `${key}=${value}` : `${key} ${value}`.trimEnd()
  if (own) {
    const lines = document.lines.map((line, i) =>
      i === own.index ? { ...line, text: indent(line) + written + comment(line) } : line,
    )
    return dropOthers({ lines }, name, key, own.index)
  }
  const anchor = optionsOf(document).findLast(
    (one) => one.block === `interface ${name}` && after.includes(one.key),
  )
  const header = document.lines.findLastIndex(
    (line) => HEADER.exec(bare(line))?.slice(1, 3).join(' ') === `interface ${name}`,
  )
  const at = anchor?.index ?? header
  if (at < 0) return setOption(withBlock(document, name, end), name, key, value, after)
  const lines = [...document.lines]
  const before = lines[at] as Line
  // The indent of options that stand there, not of the header.
  const like = anchor ? before : lines[at + 1]
  const space = like && optionsOf({ lines: [like] }).length > 0 ? indent(like) : ''
  lines[at] = { ...before, end: before.end || end }
  lines.splice(at + 1, 0, { text: space + written, end: before.end || end })
  return { lines }
}

/** Takes options out of an interface's own blocks. */
export function removeOptions(
  document: DhcpcdDocument,
  name: string,
  keys: readonly string[],
): DhcpcdDocument {
  const gone = optionsOf(document).filter(
    (one) => one.block === `interface ${name}` && keys.includes(one.key),
  )
  return { lines: document.lines.filter((_, i) => !gone.some(({ index }) => index === i)) }
}

function dropOthers(document: DhcpcdDocument, name: string, key: string, kept: number): DhcpcdDocument {
  const gone = optionsOf(document).filter(
    (one) => one.block === `interface ${name}` && one.key === key && one.index !== kept,
  )
  return { lines: document.lines.filter((_, i) => !gone.some(({ index }) => index === i)) }
}

function withBlock({ lines }: DhcpcdDocument, name: string, end: string): DhcpcdDocument {
  const last = lines.at(-1)
  const closed = last && last.end === '' ? [...lines.slice(0, -1), { ...last, end }] : [...lines]
  const gap = last && last.text.trim() !== '' ? [{ text: '', end }] : []
  return { lines: [...closed, ...gap, { text: `interface ${name}`, end }] }
}

function indent({ text }: Line): string {
  return /^\s*/.exec(text)?.[0] ?? ''
}

/** A line without its comment; nothing of one whose CR dhcpcd takes for a part of the word before it. */
function bare({ text, end }: Line): string {
  if (end === '\r\n' || /^\s*;/.test(text)) return ''
  return text.replace(/#.*$/, '')
}

function comment({ text }: Line): string {
  return /\s*#.*$/.exec(text)?.[0] ?? ''
}
