import { type ByteText, fromByteText, toByteText } from '../formats/bytes.ts'
import { encodingNamed } from '../formats/encoding.ts'
import {
  escapeXml,
  unescapeXml,
  withXmlText,
  type XmlElement,
  xmlElements,
  xmlText,
} from '../formats/xml-elements.ts'

/** What a .vmxf is to say. */
export interface VmxfIdentity {
  /** Text of VMId for the VM at this place in the file, from 0. */
  readonly vmId: (index: number) => string
  /** File name of the .vmx. */
  readonly vmxName: string
}

/** Text that is well-formed at any place of any document. */
const PLAIN = /^[A-Za-z0-9 ._-]*$/
/** By the bytes that it was read from: one template's are edited for many clones. */
const known = new WeakMap<Uint8Array, Read>()

interface Read {
  readonly text: ByteText
  /** Absent if it is not well-formed. */
  readonly elements: readonly XmlElement[] | undefined
}

/**
 * A .vmxf with new ids in every VM it lists and, if it lists one, that VM's .vmx named. All other bytes stay.
 * Undefined if it is not well-formed XML, or if the name cannot be written in its encoding.
 */
export function editVmxf(bytes: Uint8Array, identity: VmxfIdentity): Uint8Array | undefined {
  const { text, elements } = known.get(bytes) ?? read(bytes)
  const foundry = elements?.find((element) => element.name === 'Foundry')
  if (foundry === undefined) return undefined
  const vms = foundry.children.filter((element) => element.name === 'VM')
  const edits = vms.flatMap((vm, index) =>
    named(vm, 'VMId').map((element) => ({ element, value: identity.vmId(index) })),
  )
  const path = vms.length === 1 && vms[0] ? named(vms[0], 'vmxPathName')[0] : undefined
  if (path !== undefined) {
    const value = pathText(text, path, identity.vmxName)
    if (value === undefined) return undefined
    edits.push({ element: path, value })
  }
  let edited = text
  for (const { element, value } of edits.sort((a, b) => b.element.start - a.element.start))
    if (xmlText(edited, element) !== value) edited = withXmlText(edited, element, value)
  const plain = edits.every(({ value }) => PLAIN.test(value))
  return plain || xmlElements(edited) !== undefined ? fromByteText(edited) : undefined
}

function read(bytes: Uint8Array): Read {
  const text = toByteText(bytes)
  const read = { text, elements: xmlElements(text) }
  known.set(bytes, read)
  return read
}

function named(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter((element) => element.name === name)
}

/** The path as it is to be written: as it was if it names this file already. Encoding as the declaration says. */
function pathText(text: ByteText, element: XmlElement, vmxName: string): ByteText | undefined {
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*\bencoding\s*=\s*["']([^"']+)["']/.exec(text)?.[1]
  const encoding = encodingNamed(declared ?? 'UTF-8')
  const written = xmlText(text, element)
  if (unescapeXml(encoding.decode(written) ?? '').trim() === vmxName) return written
  return encoding.encode(escapeXml(vmxName))
}
