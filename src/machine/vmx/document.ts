import { VmcloneError } from '../../errors/index.ts'
import { type ByteText, fromByteText, toByteText } from '../../formats/bytes.ts'
import { Dictionary } from '../../formats/dictionary.ts'
import { unescapeValue } from '../../formats/dictionary-escape.ts'
import { lower } from '../../formats/dictionary-line.ts'
import type { Encoding } from '../../formats/encoding.ts'
import { encodingOf } from './encoding.ts'
import { checkIsVmx } from './recognise.ts'
import { encodeValue } from './value.ts'

/**
 * A .vmx (or .vmsd) file: immutable, lossless. `bytes()` of an unedited document is what was parsed.
 * Keys are case-insensitive; an edit touches only the span of its own value or line.
 */
export class VmxDocument {
  /** By what bytes() gave, which is not read again. */
  static readonly #printed = new WeakMap<Uint8Array, VmxDocument>()

  /** As given to parse; named in errors. */
  readonly file: string
  /** The same object in documents that were made of one another by edits that touched no key of a network adapter. */
  readonly adapters: object
  readonly #dictionary: Dictionary
  readonly #encoding: Encoding
  #bytes: Uint8Array | undefined

  private constructor(dictionary: Dictionary, encoding: Encoding, file: string, adapters: object = {}) {
    this.file = file
    this.#dictionary = dictionary
    this.#encoding = encoding
    this.adapters = adapters
  }

  /** `file` is named in errors. Throws VMX_MALFORMED: a disk, NUL bytes, larger than 4 MiB. */
  static parse(bytes: Uint8Array, file: string): VmxDocument {
    const printed = VmxDocument.#printed.get(bytes)
    if (printed?.file === file) return printed
    checkIsVmx(bytes, file)
    const dictionary = Dictionary.parse(toByteText(bytes))
    return new VmxDocument(dictionary, encodingOf(dictionary), file)
  }

  /** The same bytes each time; nobody may change them. */
  bytes(): Uint8Array {
    if (this.#bytes === undefined) {
      this.#bytes = fromByteText(this.#dictionary.print())
      VmxDocument.#printed.set(this.#bytes, this)
    }
    return this.#bytes
  }

  /** The encoding that the file states, as written, or what is taken if it states none. */
  get encoding(): string {
    return this.#encoding.name
  }

  /**
   * Value as Unicode text, escapes undone, from the first line with this key. Bytes that the encoding does not
   * assign become U+FFFD. Throws ENCODING_UNKNOWN for other than ASCII in an unknown encoding.
   */
  get(key: string): string | undefined {
    const raw = this.#dictionary.get(key)
    if (raw === undefined) return undefined
    const value = this.#encoding.decode(raw)
    if (value !== undefined) return value
    throw new VmcloneError(
      'ENCODING_UNKNOWN',
      `${this.file}: the value of ${key} is in the encoding "${this.#encoding.name}", which is not known`,
    )
  }

  /** True if the value is TRUE in any case. */
  isTrue(key: string): boolean {
    return this.get(key)?.toLowerCase() === 'true'
  }

  /** True if the value is FALSE in any case. */
  isFalse(key: string): boolean {
    return this.get(key)?.toLowerCase() === 'false'
  }

  /** Keys as written, in file order, duplicates included. */
  keys(): string[] {
    const keys: string[] = []
    for (const { name } of this.#dictionary.lines) if (name !== undefined) keys.push(name)
    return keys
  }

  /** Keys that stand more than once, as first written. */
  duplicates(): string[] {
    const seen = new Map<ByteText, { key: string; count: number }>()
    for (const key of this.keys()) {
      const entry = seen.get(lower(key)) ?? { key, count: 0 }
      entry.count += 1
      seen.set(lower(key), entry)
    }
    return [...seen.values()].filter((entry) => entry.count > 1).map((entry) => entry.key)
  }

  /** Numbers, from 1, of the lines that VMware cannot read and that are left as they are. */
  malformedLines(): number[] {
    return this.#dictionary.lines.flatMap((line, i) => (line.malformed ? [i + 1] : []))
  }

  /**
   * Sets the value in place, or appends a line; later duplicates go. Throws VALUE_NOT_ENCODABLE, or ENCODING_UNKNOWN
   * for other than ASCII in an unknown encoding.
   */
  set(key: string, value: string): VmxDocument {
    const written = encodeValue(value, this.#encoding, key, this.file)
    return this.#edited(this.#dictionary.set(key, unescapeValue(written), written), key)
  }

  /** Takes out every line with this key. */
  remove(key: string): VmxDocument {
    return this.#edited(this.#dictionary.remove(key), key)
  }

  #edited(dictionary: Dictionary, key: string): VmxDocument {
    if (dictionary === this.#dictionary) return this
    if (lower(key) === '.encoding') return new VmxDocument(dictionary, encodingOf(dictionary), this.file)
    const adapters = /^ethernet/i.test(key) ? {} : this.adapters
    return new VmxDocument(dictionary, this.#encoding, this.file, adapters)
  }
}
