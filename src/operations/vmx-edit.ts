import { basename } from 'node:path'
import type { MachineSurvey } from '../machine/survey.ts'
import type { VmxDocument } from '../machine/vmx/document.ts'
import type { WriteChange } from '../transaction/change.ts'
import type { Purpose } from './edit.ts'

/** The write that turns a VM's .vmx into `edited`; nothing if that is the document it was made from. */
export function vmxChange(machine: MachineSurvey, edited: VmxDocument, purpose: Purpose): WriteChange[] {
  if (edited === machine.vmx) return []
  const path = basename(machine.vmxPath)
  return [{ at: 'vmx', kind: 'write', path, ...purpose, before: machine.vmx.bytes(), after: edited.bytes() }]
}

/** Sets a key that is there; one that is absent stays absent. */
export function setIfPresent(vmx: VmxDocument, key: string, value: string): VmxDocument {
  return vmx.get(key) === undefined ? vmx : vmx.set(key, value)
}

/** Takes out every line with one of these keys. */
export function without(vmx: VmxDocument, keys: readonly string[]): VmxDocument {
  return keys.reduce((document, key) => document.remove(key), vmx)
}
