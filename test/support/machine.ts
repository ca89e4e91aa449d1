import type { Identity } from '../../src/identity/identity.ts'
import type { MachineSurvey } from '../../src/machine/survey.ts'
import { VmxDocument } from '../../src/machine/vmx/document.ts'
import { readNics } from '../../src/machine/vmx/nics.ts'
import type { Notice } from '../../src/notices.ts'
import type { Operation } from '../../src/operations/operation.ts'
import type { Survey } from '../../src/operations/survey.ts'
import type { WriteChange } from '../../src/transaction/change.ts'
import { surveyOf } from './clone.ts'

/** A survey of a VM without disks, in /vms/node1, its guest an empty tree. */
export function vmOf(vmx: VmxDocument, vmxf?: MachineSurvey['vmxf']): Survey {
  const machine: MachineSurvey = {
    vmxPath: '/vms/node1/node1.vmx',
    directory: '/vms/node1',
    name: 'node1',
    vmx,
    nics: readNics(vmx),
    disks: [],
    ...(vmxf === undefined ? {} : { vmxf }),
  }
  return { ...surveyOf([]), machine }
}

/** What one operation makes of a VM, and the VM afterwards. */
export interface VmOutcome {
  readonly changes: readonly WriteChange[]
  readonly notices: readonly Notice[]
  readonly survey: Survey
  readonly vmx: VmxDocument
}

export function plan(survey: Survey, identity: Identity, operation: Operation): VmOutcome {
  const { machine } = survey
  if (machine === undefined) throw new Error('the survey has no machine')
  const { changes, notices } = operation.plan(survey, identity)
  const writes = changes.filter((change) => change.kind === 'write')
  let after: MachineSurvey = machine
  for (const change of writes) {
    if (change.at === 'host') after = { ...after, vmxf: { name: change.path, bytes: change.after } }
    const vmx = change.at === 'vmx' ? VmxDocument.parse(change.after, machine.vmxPath) : after.vmx
    after = { ...after, vmx, nics: readNics(vmx) }
  }
  return { changes: writes, notices, survey: { ...survey, machine: after }, vmx: after.vmx }
}
