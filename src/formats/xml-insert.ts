import type { ByteText } from './bytes.ts'
import type { XmlElement } from './xml-elements.ts'

/**
 * The document with a further child in an element: behind the last child that has one of these names, else behind the last
 * one, on a line of its own where that has one, indented like it.
 */
export function insertXmlChild(
  text: ByteText,
  parent: XmlElement,
  xml: ByteText,
  names: readonly string[],
): ByteText {
  const model = parent.children.findLast(({ name }) => names.includes(name)) ?? parent.children.at(-1)
  if (model !== undefined) {
    const indent = text.slice(text.lastIndexOf('\n', model.start - 1) + 1, model.start)
    const line = indent.trim() === '' && model.start > parent.start ? lineEndOf(text) + indent : ''
    return text.slice(0, model.end) + line + xml + text.slice(model.end)
  }
  const source = text.slice(parent.start, parent.end)
  const line = lineEndOf(text)
  const whole = source.endsWith('/>')
    ? `${source.slice(0, -2).trimEnd()}>${line}  ${xml}${line}</${parent.name}>`
    : source.replace(/\s*(<\/[^<]*)$/, (_, close: string) => `${line}  ${xml}${line}${close}`)
  return text.slice(0, parent.start) + whole + text.slice(parent.end)
}

function lineEndOf(text: ByteText): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n'
}
