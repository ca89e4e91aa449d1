import { generationIds, sasWwid, vmciId } from '../identity/derived.ts'
import { formatVmxUuid, uuidBytes, uuidFromBios } from '../identity/uuid.ts'
import type { VmxDocument } from '../machine/vmx/document.ts'
import { holdsIdentity } from './held.ts'
import { NOTHING, type Operation } from './operation.ts'
import { setIfPresent, vmxChange, without } from './vmx-edit.ts'

const operation = 'bios-uuid'
const COPIED_ANSWER = 'answer.msg.uuid.altered'
const SAS = /^scsi(\d+)\.sasWWID$/i

export const biosUuid: Operation = {
  name: operation,
  heading: 'Give the virtual machine a BIOS UUID of its own',
  description:
    'Writes a new uuid.bios, which the guest sees as DMI product UUID and serial number, takes uuid.location out, empties vc.uuid and policy.vm.mvmtid, and renews what hangs on the UUID: vmci0.id, scsiN.sasWWID, vm.genid and vm.genidX. A uuid.action = "create" goes, because VMware would then replace the UUID at power-on. With --uuid vmware the UUID is left empty and VMware makes one at power-on.',
  notes:
    'Keys that the .vmx does not have are not added, except uuid.bios. With --uuid keep nothing is changed.',
  default: true,
  reads: [],
  plan(survey, identity) {
    const { machine } = survey
    const { uuid } = identity
    if (machine === undefined || uuid.policy === 'keep') return NOTHING
    const held = holdsIdentity(survey, identity)
    const edited =
      uuid.policy === 'set' ? withUuid(machine.vmx, uuid.value, held) : withBlankUuid(machine.vmx)
    const kept = edited.get('uuid.bios') === machine.vmx.get('uuid.bios') && held
    const finished = kept ? edited : withGeneration(edited, identity.generationId)
    const summary = uuid.policy === 'set' ? `UUID ${uuid.value}` : 'UUID left to VMware'
    return { changes: vmxChange(machine, finished, { operation, summary }), notices: [] }
  },
}

function withUuid(vmx: VmxDocument, value: string, held: boolean): VmxDocument {
  const there = uuidFromBios(vmx.get('uuid.bios')) === value
  const allowed = withoutReplacement(vmx)
  // VMware writes its own uuid.location at the first power-on: a clone that has our UUID already keeps that.
  if (there && held) return allowed
  const bytes = uuidBytes(value)
  let edited = allowed.remove('uuid.location')
  if (!there) edited = edited.set('uuid.bios', formatVmxUuid(bytes))
  edited = setIfPresent(edited, 'vmci0.id', vmciId(bytes))
  for (const { key, controller } of sasKeys(vmx)) edited = edited.set(key, sasWwid(bytes, controller))
  return blanked(edited)
}

function withBlankUuid(vmx: VmxDocument): VmxDocument {
  const derived = ['uuid.location', 'vmci0.id', ...sasKeys(vmx).map(({ key }) => key)]
  return blanked(without(vmx, derived)).set('uuid.bios', '').set('uuid.action', 'create')
}

function withGeneration(vmx: VmxDocument, generationId: Uint8Array): VmxDocument {
  const { genid, genidX } = generationIds(generationId)
  return setIfPresent(setIfPresent(vmx, 'vm.genid', genid), 'vm.genidX', genidX)
}

function blanked(vmx: VmxDocument): VmxDocument {
  return setIfPresent(setIfPresent(vmx, 'vc.uuid', ''), 'policy.vm.mvmtid', '')
}

/** Nothing stays that would let VMware put a UUID of its own in place of ours. */
function withoutReplacement(vmx: VmxDocument): VmxDocument {
  const action = vmx.get('uuid.action')?.toLowerCase()
  const kept = action === undefined || action === 'keep' ? vmx : vmx.remove('uuid.action')
  return /cop/i.test(vmx.get(COPIED_ANSWER) ?? '') ? kept.remove(COPIED_ANSWER) : kept
}

function sasKeys(vmx: VmxDocument): { key: string; controller: number }[] {
  return vmx
    .keys()
    .filter((key) => SAS.test(key) && vmx.get(key))
    .map((key) => ({ key, controller: Number(SAS.exec(key)?.[1]) }))
}
