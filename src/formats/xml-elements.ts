import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { ByteText } from './bytes.ts'

/** One element of an XML document, by its place in the text. */
export interface XmlElement {
  readonly name: string
  /** Half-open range of the whole element, tags included. */
  readonly start: number
  readonly end: number
  readonly children: readonly XmlElement[]
}

const BOM = '\xef\xbb\xbf'
const META = XMLParser.getMetaDataSymbol() as symbol

/**
 * The elements of an XML document: read to be found, never printed again. Undefined if it is not well-formed, or has a
 * document type, whose entities could be anything.
 */
export function xmlElements(text: ByteText): XmlElement[] | undefined {
  const offset = text.startsWith(BOM) ? BOM.length : 0
  const xml = text.slice(offset)
  if (/<!DOCTYPE/i.test(xml)) return undefined
  try {
    if (XMLValidator.validate(xml) !== true) return undefined
    const parser = new XMLParser({
      preserveOrder: true,
      captureMetaData: true,
      parseTagValue: false,
      processEntities: false,
    })
    return elements(parser.parse(xml), offset)
  } catch {
    return undefined
  }
}

function elements(nodes: unknown, offset: number): XmlElement[] {
  if (!Array.isArray(nodes)) return []
  return nodes.flatMap((node: Record<string | symbol, unknown>) => {
    const name = Object.keys(node).find((key) => key !== ':@')
    const place = node[META] as { startIndex: number; endIndex: number } | undefined
    if (name === undefined || place === undefined) return []
    const children = elements(node[name], offset)
    return [{ name, start: place.startIndex + offset, end: place.endIndex + offset, children }]
  })
}

const OPEN_TAG = /^<[^>"'\s/]+(?:"[^"]*"|'[^']*'|[^>"'])*>/

/** Text between the tags of an element that has no children, entities as written; empty for <a/>. */
export function xmlText(text: ByteText, element: XmlElement): ByteText {
  const { open, inner } = parts(text, element)
  return open.endsWith('/>') ? '' : inner
}

/** Value of an element's attribute, entities as written; undefined if it does not have it. */
export function xmlAttribute(text: ByteText, element: XmlElement, name: string): ByteText | undefined {
  const { open } = parts(text, element)
  const attributes = open.matchAll(/\s([^\s=>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)
  for (const [, key, double, single] of attributes) if (key === name) return double ?? single
  return undefined
}

/** The document with the text of one element replaced; `value` has its entities already written. */
export function withXmlText(text: ByteText, element: XmlElement, value: ByteText): ByteText {
  const { open, close } = parts(text, element)
  const whole = open.endsWith('/>')
    ? `${open.slice(0, -2).trimEnd()}>${value}</${element.name}>`
    : `${open}${value}${close}`
  return text.slice(0, element.start) + whole + text.slice(element.end)
}

function parts(text: ByteText, { start, end }: XmlElement): { open: string; inner: string; close: string } {
  const source = text.slice(start, end)
  const open = OPEN_TAG.exec(source)?.[0] ?? ''
  const closeAt = Math.max(open.length, source.lastIndexOf('</'))
  return { open, inner: source.slice(open.length, closeAt), close: source.slice(closeAt) }
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' } as const

/** Text with the characters that XML reserves written as entities. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (char) => ENTITIES[char as keyof typeof ENTITIES])
}

/** Text with the five predefined entities undone; others stay as written. */
export function unescapeXml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (entity) => {
    return Object.entries(ENTITIES).find(([, written]) => written === entity)?.[0] ?? entity
  })
}
