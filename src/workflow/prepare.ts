import { dirname } from 'node:path'
import type { FixedIdentity } from '../identity/fixed.ts'
import type { CloneRequest } from '../identity/request.ts'
import { locateVmx, readMachine } from '../machine/read.ts'
import type { MachineSurvey } from '../machine/survey.ts'
import type { Operation } from '../operations/operation.ts'
import { recallFixed, settleEarlierRun } from './record.ts'
import { wantedHostname } from './resolve.ts'
import { checkNicRequests } from './resolve-nics.ts'
import type { Run } from './run.ts'
import { keepingDisabled, selectOperations } from './select.ts'

/** What is known of a clone before its guest is opened. */
export interface PreparedClone {
  readonly machine: MachineSurvey
  readonly operations: readonly Operation[]
  /** What is asked, less what its operations were disabled for. */
  readonly request: CloneRequest
  /** Short name that the clone will have; undefined if the guest's stays. */
  readonly hostname: string | undefined
  /** What an earlier run gave to it at this place. */
  readonly fixed: FixedIdentity | undefined
}

/** Everything that can refuse without an appliance does so here. */
export async function prepare(run: Run, apply: boolean): Promise<PreparedClone> {
  const { vmx, force = false } = run.options
  const operations = selectOperations(run.options.request)
  const vmxPath = await locateVmx(vmx)
  run.note(...(await settleEarlierRun(dirname(vmxPath), { apply, force })))
  const { machine, notices } = await readMachine(vmxPath, { force })
  run.note(...notices)
  const devices = machine.nics.map(({ device }) => device)
  const request = keepingDisabled(run.options.request, operations, devices)
  checkNicRequests(request.nics, machine.nics)
  const hostname = wantedHostname(request, machine.name)?.short
  return { machine, operations, request, hostname, fixed: await recallFixed(machine) }
}
