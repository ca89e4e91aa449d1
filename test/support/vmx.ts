import { readFileSync } from 'node:fs'
import { fromByteText } from '../../src/formats/bytes.ts'
import { VmxDocument } from '../../src/machine/vmx/document.ts'

/** Bytes of a file under fixtures/vmx. */
export function vmxBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../fixtures/vmx/${name}`, import.meta.url)))
}

/** A .vmx under fixtures/vmx. */
export function vmxFixture(name: string): VmxDocument {
  return VmxDocument.parse(vmxBytes(name), name)
}

/** A .vmx from its text, one character a byte. */
export function vmxOf(text: string): VmxDocument {
  return VmxDocument.parse(fromByteText(text), 'test.vmx')
}
