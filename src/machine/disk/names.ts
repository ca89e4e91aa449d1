import type { ByteText } from '../../formats/bytes.ts'
import type { DescriptorDocument } from '../../formats/descriptor.ts'
import { encodingNamed, UTF8 } from '../../formats/encoding.ts'

/**
 * What a name in a descriptor may mean, best first: read in the encoding that the descriptor states, then as UTF-8, which
 * tools on Linux write whatever the descriptor states. Empty if neither can be.
 */
export function readName(document: DescriptorDocument, name: ByteText): string[] {
  const stated = encodingNamed(document.get('encoding') || 'UTF-8')
  const readings = [stated.decode(name), UTF8.decode(name)]
  return [...new Set(readings.filter((text) => text !== undefined && !/[\ufffd\0]/.test(text)))] as string[]
}

/** True if qemu, which takes names as bytes, a protocol before a colon included, finds the file `name` by them. */
export function qemuReadsName(bytes: ByteText, name: string): boolean {
  return UTF8.encode(name) === bytes && !/^[^/]*:/.test(name)
}
