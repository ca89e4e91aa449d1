import { VmxDocument } from '../vmx/document.ts'

/**
 * The .vmsd of a linked clone, in UTF-8: which VM it was cloned from, and which of its disks stand on that one's. Without
 * it VMware is reported to delete the parent's disks together with the clone. Paths are absolute, as VMware writes
 * them. A full clone's .vmsd is an empty file.
 */
export function linkedVmsd(clone: {
  /** The template's .vmx. */
  readonly templateVmx: string
  /** The clone's disks that have a parent in the template, where they will lie in the end. */
  readonly disks: readonly string[]
}): Uint8Array {
  let vmsd = VmxDocument.parse(Buffer.from('.encoding = "UTF-8"\n'), 'vmsd')
    .set('cloneOf0', clone.templateVmx)
    .set('numCloneOf', '1')
  for (const [i, disk] of clone.disks.entries()) vmsd = vmsd.set(`sentinel${i}`, disk)
  return vmsd.set('numSentinels', String(clone.disks.length)).bytes()
}
