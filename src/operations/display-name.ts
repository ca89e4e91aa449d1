import { NOTHING, type Operation } from './operation.ts'
import { vmxChange } from './vmx-edit.ts'

const operation = 'display-name'

export const displayName: Operation = {
  name: operation,
  heading: 'Show the VM under a name of its own',
  description:
    'Writes the name given by --name to displayName, in the encoding of the .vmx; a name that it cannot hold is refused.',
  notes: 'Without --name the display name stays. Files are not renamed.',
  default: true,
  reads: [],
  plan({ machine }, identity) {
    const name = identity.displayName
    if (machine === undefined || name === undefined) return NOTHING
    const edited = machine.vmx.set('displayName', name)
    return {
      changes: vmxChange(machine, edited, { operation, summary: `display name ${name}` }),
      notices: [],
    }
  },
}
