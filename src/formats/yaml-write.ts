import type { ByteText } from './bytes.ts'
import { isMapping, isSequence, type YamlData } from './yaml-spans.ts'

/** How a file lays out its nodes. */
export interface YamlStyle {
  readonly end: '\n' | '\r\n'
  /** Columns by which a mapping stands further right than its key. */
  readonly step: number
  /** Columns by which the dashes of a sequence stand further right than its key. */
  readonly dash: number
  /** True if lists of scalars are written as [a, b]. */
  readonly flow: boolean
}

/** The layout by the file's own first examples; without any, as netplan's own documentation has it. */
export function styleOf(body: ByteText): YamlStyle {
  const lines = body.split('\n').filter((line) => !/^\s*(#|$)/.test(line))
  const indents = lines.map((line) => /^ */.exec(line)?.[0].length ?? 0)
  let step = 0
  let dash = -1
  for (let i = 1; i < lines.length; i++) {
    if (!/:\s*(#.*)?$/.test(lines[i - 1] as string)) continue
    const deeper = (indents[i] as number) - (indents[i - 1] as number)
    if (/^ *- /.test(lines[i] as string)) {
      if (dash < 0 && deeper >= 0 && !/^ *- /.test(lines[i - 1] as string)) dash = deeper
    } else if (step === 0 && deeper > 0) step = deeper
  }
  const flow = lines.some((line) => /^[^#]*:\s+\[/.test(line)) && dash < 0
  return {
    end: /^[^\n]*\r\n/.test(body) ? '\r\n' : '\n',
    step: step === 0 ? 2 : step,
    dash: Math.max(dash, 0),
    flow,
  }
}

/** A scalar, in double quotes wherever a YAML 1.1 reader might take it for something else. */
export function writeScalar(text: ByteText): string {
  if (/^[A-Za-z0-9_./][A-Za-z0-9_./+@-]*$/.test(text)) return text
  return doubleQuoted(text)
}

export function doubleQuoted(text: ByteText): string {
  const inner = text.replace(/[\\"]/g, '\\$&').replace(/[\0-\x1f\x7f]/g, (char) => {
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return `"${inner}"`
}

/** A value on one line. */
export function writeFlow(value: YamlData): string {
  if (isSequence(value)) return `[${value.map(writeFlow).join(', ')}]`
  if (!isMapping(value)) return writeScalar(value)
  return `{${[...value].map(([key, one]) => `${writeScalar(key)}: ${writeFlow(one)}`).join(', ')}}`
}

/** "key: value" in block style, its lines joined, without an end after the last. */
export function writePair(key: string, value: YamlData, indent: string, style: YamlStyle): string {
  const head = `${indent}${writeScalar(key)}:`
  if (isInline(value, style)) return `${head} ${writeFlow(value)}`
  return `${head}${style.end}${writeBlock(value, indent, style)}`
}

/** The lines of a collection below a key that stands at `indent`. */
export function writeBlock(value: YamlData, indent: string, style: YamlStyle): string {
  if (isSequence(value)) {
    const own = indent + ' '.repeat(style.dash)
    return value.map((item) => writeItem(item, own, style)).join(style.end)
  }
  const own = indent + ' '.repeat(style.step)
  const pairs = isMapping(value) ? [...value] : []
  return pairs.map(([key, one]) => writePair(key, one, own, style)).join(style.end)
}

/** "- value" with the dash at `indent`. */
export function writeItem(value: YamlData, indent: string, style: YamlStyle): string {
  if (!isMapping(value) || value.size === 0) return `${indent}- ${writeFlow(value)}`
  const inner = `${indent}  `
  const pairs = [...value].map(([key, one]) => writePair(key, one, inner, style)).join(style.end)
  return `${indent}- ${pairs.slice(inner.length)}`
}

/** True if a value needs no lines of its own. */
export function isInline(value: YamlData, style: YamlStyle): boolean {
  if (isMapping(value)) return value.size === 0
  if (!isSequence(value)) return true
  return value.length === 0 || (style.flow && value.every((item) => typeof item === 'string'))
}
