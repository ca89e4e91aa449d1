import { type ByteText, fromByteText, toByteText } from './bytes.ts'
import { splitLines } from './lines.ts'

/** One extent line: the file (or nothing, for ZERO) that holds a part of the disk. */
export interface ExtentLine {
  /** As written: RW, RDONLY or NOACCESS. */
  readonly access: string
  /** Length in sectors of 512 bytes. */
  readonly sectors: number
  /** Upper case: FLAT, SPARSE, ZERO, VMFS, VMFSSPARSE, SESPARSE, VMFSRDM, VMFSRAW, … */
  readonly type: string
  /** File name in the descriptor's own encoding. */
  readonly name?: ByteText
  /** Sectors to skip in the file. */
  readonly offset: number
}

interface Entry {
  readonly key: string
  readonly value: ByteText
  /** Span of the value without its quotes. */
  readonly start: number
  readonly end: number
}

const KEY = /^[ \t]*([^\s="#]+)[ \t]*=[ \t]*(?:"([^"]*)"|([^\s"#]*))/
const EXTENT =
  /^[ \t]*(RW|RDONLY|NOACCESS)[ \t]+(\d+)[ \t]+([A-Za-z0-9]+)(?:[ \t]+"([^"]*)"(?:[ \t]+(\d+))?|[ \t]*$)/i
const EXTENT_LIKE = /^[ \t]*(?:RW|RDONLY|NOACCESS)(?:[ \t]|$)/i

/**
 * The text of a VMDK descriptor: header keys, extent lines and disk data base. Lossless and immutable; whatever is not
 * understood stays as it is. Everything from the first NUL on is padding and is never read.
 */
export class DescriptorDocument {
  readonly text: ByteText
  readonly extents: readonly ExtentLine[]
  /** Numbers, from 1, of lines that begin like an extent but are none. */
  readonly malformed: readonly number[]
  private readonly entries: readonly Entry[]

  private constructor(text: ByteText) {
    this.text = text
    const entries: Entry[] = []
    const extents: ExtentLine[] = []
    const malformed: number[] = []
    let next = 0
    for (const [index, { text: line, end }] of splitLines(this.body).entries()) {
      const start = next
      next += line.length + end.length
      if (EXTENT_LIKE.test(line)) {
        const extent = parseExtent(line)
        if (extent) extents.push(extent)
        else malformed.push(index + 1)
        continue
      }
      const entry = parseEntry(line, start)
      if (entry) entries.push(entry)
    }
    this.entries = entries
    this.extents = extents
    this.malformed = malformed
  }

  /** Never throws: arbitrary bytes are a document without entries. */
  static parse(bytes: Uint8Array): DescriptorDocument {
    return new DescriptorDocument(toByteText(bytes))
  }

  bytes(): Uint8Array {
    return fromByteText(this.text)
  }

  /** The text before the first NUL. */
  get body(): ByteText {
    const end = this.text.indexOf('\0')
    return end < 0 ? this.text : this.text.slice(0, end)
  }

  /** True if the first line says that this is a descriptor; a UTF-8 BOM may stand before it. */
  get isDescriptor(): boolean {
    return /^(?:\xef\xbb\xbf)?#[ \t]*Disk DescriptorFile[ \t]*(?:[\r\n]|$)/i.test(this.body)
  }

  /** Value of the first header or ddb entry with this key (any case), quotes undone. */
  get(key: string): ByteText | undefined {
    return this.find(key)?.value
  }

  /** Keys as written, in file order. */
  keys(): string[] {
    return this.entries.map((entry) => entry.key)
  }

  /**
   * Replaces the value of the first entry with this key and nothing else; a document without the key stays as it is.
   * Throws a RangeError if the value holds a quote, a NUL or a line end, or is empty or has a blank and the entry is not quoted.
   */
  set(key: string, value: ByteText): DescriptorDocument {
    const entry = this.find(key)
    if (!entry) return this
    const quoted = this.text[entry.end] === '"'
    if (/["\0\r\n]/.test(value) || (!quoted && !/^[^\s#]+$/.test(value)))
      throw new RangeError(`descriptor value of ${key} cannot be written: ${JSON.stringify(value)}`)
    return new DescriptorDocument(this.text.slice(0, entry.start) + value + this.text.slice(entry.end))
  }

  /**
   * The same with other names in its extent lines, by their order; a line without a name keeps none. Throws a RangeError
   * if a name holds a quote, a NUL or a line end.
   */
  renamed(names: readonly ByteText[]): DescriptorDocument {
    let index = 0
    const lines = splitLines(this.body).map(({ text, end }) => {
      const extent = EXTENT_LIKE.test(text) ? parseExtent(text) : undefined
      const name = extent && names[index++]
      if (extent?.name === undefined || name === undefined) return text + end
      if (/["\0\r\n]/.test(name)) throw new RangeError(`an extent cannot be named ${JSON.stringify(name)}`)
      const start = text.indexOf('"') + 1
      return text.slice(0, start) + name + text.slice(start + extent.name.length) + end
    })
    return new DescriptorDocument(lines.join('') + this.text.slice(this.body.length))
  }

  /** The same text with all NULs at its end taken off, then filled with NULs up to `length`, if given. */
  padded(length = 0): DescriptorDocument {
    let end = this.text.length
    while (this.text[end - 1] === '\0') end -= 1
    return new DescriptorDocument(this.text.slice(0, end).padEnd(length, '\0'))
  }

  private find(key: string): Entry | undefined {
    const wanted = key.toLowerCase()
    return this.entries.find((entry) => entry.key.toLowerCase() === wanted)
  }
}

function parseExtent(line: string): ExtentLine | undefined {
  const match = EXTENT.exec(line)
  if (!match) return undefined
  const [, access = '', sectors = '', type = '', name, offset = '0'] = match
  const extent = { access, sectors: Number(sectors), type: type.toUpperCase(), offset: Number(offset) }
  return name === undefined ? extent : { ...extent, name }
}

function parseEntry(line: string, lineStart: number): Entry | undefined {
  const match = KEY.exec(line)
  if (!match) return undefined
  const [whole, key = '', quoted, bare = ''] = match
  const value = quoted ?? bare
  const end = lineStart + whole.length - (quoted === undefined ? 0 : 1)
  return { key, value, start: end - value.length, end }
}
