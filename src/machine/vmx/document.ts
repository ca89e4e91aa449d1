/**
 * A .vmx (or .vmsd) file: immutable, lossless. `bytes()` of an unedited document is what was parsed.
 * Keys are case-insensitive; an edit touches only the span of its own value or line.
 */
export declare class VmxDocument {
  /** `file` is named in errors. Throws VMX_MALFORMED (not a .vmx at all) and ENCODING_UNKNOWN. */
  static parse(bytes: Uint8Array, file: string): VmxDocument
  bytes(): Uint8Array
  /** Value as Unicode text, escapes undone, from the first line with this key. */
  get(key: string): string | undefined
  /** Keys as written, in file order, duplicates included. */
  keys(): string[]
  /** Sets the value in place, or appends a line; later duplicates go. Throws VALUE_NOT_ENCODABLE. */
  set(key: string, value: string): VmxDocument
  /** Takes out every line with this key. */
  remove(key: string): VmxDocument
}
