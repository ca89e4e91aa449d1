import { holdsIdentity } from './held.ts'
import { NOTHING, type Operation } from './operation.ts'
import { vmxChange, without } from './vmx-edit.ts'

const operation = 'vmx-leftovers'
const KEYS = ['sched.swap.derivedName', 'migrate.hostLog', 'vm.createDate']

export const vmxLeftovers: Operation = {
  name: operation,
  heading: 'Take what names the template out of the .vmx',
  description:
    'Deletes sched.swap.derivedName, migrate.hostLog and vm.createDate, which hold paths and times of the VM that was copied. VMware writes new ones.',
  default: true,
  reads: [],
  plan(survey, identity) {
    const { machine } = survey
    if (machine === undefined || holdsIdentity(survey, identity)) return NOTHING
    const found = KEYS.filter((key) => machine.vmx.get(key) !== undefined)
    const summary = `${found.join(', ')} deleted`
    return { changes: vmxChange(machine, without(machine.vmx, KEYS), { operation, summary }), notices: [] }
  },
}
