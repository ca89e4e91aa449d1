import { basename } from 'node:path'
import { sameBytes } from '../formats/bytes.ts'
import { formatVmxUuid } from '../identity/uuid.ts'
import { editVmxf } from '../machine/vmxf.ts'
import { NOTHING, type Operation } from './operation.ts'

const operation = 'vmxf'

export const vmxf: Operation = {
  name: operation,
  heading: 'Give the .vmxf an id of its own',
  description:
    'Writes a new VMId into the file that extendedConfigFile names, and the name of this .vmx into vmxPathName.',
  notes: 'A file that is not well-formed XML is left as it is, with a notice.',
  default: true,
  reads: [],
  plan({ machine }, identity) {
    if (machine?.vmxf === undefined || machine.vmxf.bytes.length === 0) return NOTHING
    const { name, bytes } = machine.vmxf
    const after = editVmxf(bytes, {
      vmId: (index) => formatVmxUuid(vmId(identity.vmxfId, index)),
      vmxName: basename(machine.vmxPath),
    })
    if (after === undefined) {
      const message = `${name} is not well-formed XML, so its VMId stays the template’s`
      return {
        changes: [],
        notices: [{ code: 'vmxf-left', message, hint: 'Delete it: VMware makes it anew.' }],
      }
    }
    if (sameBytes(bytes, after)) return NOTHING
    const summary = 'new VMId'
    return {
      changes: [{ at: 'host', kind: 'write', path: name, operation, summary, before: bytes, after }],
      notices: [],
    }
  },
}

/** Ids of hosts begin with 52; several VMs in one file differ in their last byte. */
function vmId(random: Uint8Array, index: number): Uint8Array {
  const id = random.slice()
  id[0] = 0x52
  id[15] = (id[15] ?? 0) ^ (index & 0xff)
  return id
}
