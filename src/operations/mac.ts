import type { NicIdentity } from '../identity/identity.ts'
import { macKind } from '../identity/mac.ts'
import type { VmxDocument } from '../machine/vmx/document.ts'
import { addressType } from '../machine/vmx/nics.ts'
import type { Notice } from '../notices.ts'
import { holdsIdentity } from './held.ts'
import { NOTHING, type Operation } from './operation.ts'
import { vmxChange, without } from './vmx-edit.ts'

const operation = 'mac'

export const mac: Operation = {
  name: operation,
  heading: 'Give each network adapter a MAC address of its own',
  description:
    'Writes a static address to ethernetN.address, sets addressType to "static" and takes generatedAddress and generatedAddressOffset out. With --mac vmware all of them go, so that VMware makes an address at power-on.',
  notes:
    'checkMACAddress is set to "FALSE" only for an address outside of 00:50:56:00:00:00 to 00:50:56:3F:FF:FF. The guest’s own copies of the old address are other operations’ work.',
  default: true,
  reads: [],
  plan(survey, identity) {
    const { machine } = survey
    if (machine === undefined) return NOTHING
    const held = holdsIdentity(survey, identity)
    const summaries: string[] = []
    const notices: Notice[] = []
    let edited = machine.vmx
    for (const nic of identity.nics) {
      const before = edited
      if (nic.mac.policy === 'set') edited = withStatic(edited, nic.device, nic.mac.address, held)
      else if (nic.mac.policy === 'vmware') edited = withGenerated(edited, nic.device)
      if (edited !== before) summaries.push(summaryOf(nic))
      notices.push(...noticesOf(nic, edited, identity.uuid.policy !== 'keep' && !held))
    }
    return { changes: vmxChange(machine, edited, { operation, summary: summaries.join(', ') }), notices }
  },
}

function withStatic(vmx: VmxDocument, device: string, address: string, held: boolean): VmxDocument {
  const key = (name: string) => `${device}.${name}`
  const isStatic = addressType(vmx, device) === 'static'
  const same = vmx.get(key('address'))?.toLowerCase() === address
  if (held && isStatic && same) return vmx
  const typed = isStatic ? vmx : vmx.set(key('addressType'), 'static')
  const addressed = same ? typed : typed.set(key('address'), address)
  const bare = without(addressed, [key('generatedAddress'), key('generatedAddressOffset')])
  return macKind(address) === 'static' || bare.isFalse(key('checkMACAddress'))
    ? bare
    : bare.set(key('checkMACAddress'), 'FALSE')
}

function withGenerated(vmx: VmxDocument, device: string): VmxDocument {
  const generated = addressType(vmx, device) === 'generated'
  const keys = ['address', 'generatedAddress', 'generatedAddressOffset'].map((name) => `${device}.${name}`)
  const bare = without(vmx, keys)
  return generated ? bare : bare.set(`${device}.addressType`, 'generated')
}

function summaryOf({ device, mac }: NicIdentity): string {
  return mac.policy === 'set' ? `${device} ${mac.address}` : `${device} left to VMware`
}

function noticesOf({ device, mac }: NicIdentity, vmx: VmxDocument, uuidChanges: boolean): Notice[] {
  if (mac.policy === 'set' && macKind(mac.address) !== 'static') {
    const message = `${device} has ${mac.address}, which VMware accepts only because checkMACAddress is FALSE`
    return [{ code: 'mac-outside-range', message, hint: 'Make sure that no other machine has this address.' }]
  }
  if (mac.policy === 'keep' && uuidChanges && addressType(vmx, device) === 'generated') {
    const message = `The address of ${device} is generated, so VMware makes a new one from the new UUID at power-on`
    return [{ code: 'mac-not-kept', message, hint: 'Give --uuid keep, or state the address with --mac.' }]
  }
  return []
}
