import { type Draw, systemDraw } from '../../identity/draw.ts'
import type { Identity } from '../../identity/identity.ts'
import type { CloneRequest, HostsEntry } from '../../identity/request.ts'
import { type Taken, take } from '../../identity/taken.ts'
import type { MachineSurvey } from '../../machine/survey.ts'
import type { Notice } from '../../notices.ts'
import type { Operation } from '../../operations/operation.ts'
import type { Survey } from '../../operations/survey.ts'
import type { Change } from '../../transaction/change.ts'
import { coalesce } from '../../transaction/coalesce.ts'
import { identityCard } from '../card.ts'
import { planClone } from '../plan.ts'
import type { IdentityCard } from '../report.ts'
import { drawRandomSeed, resolveIdentity } from '../resolve.ts'
import { checkNicRequests } from '../resolve-nics.ts'
import { keepingDisabled } from '../select.ts'
import type { BatchRow } from './types.ts'

/** What is the same for all clones of a batch. */
export interface Ground {
  /** The template's guest and the host's networks, surveyed once. */
  readonly survey: Survey
  readonly operations: readonly Operation[]
  /** The machine that a row's clone is before any operation: the template's, under its own names. */
  machineOf(row: BatchRow): MachineSurvey
  /** From which a row's ids are drawn. */
  drawOf(row: BatchRow): Draw
  /** What other VMs have; what clones are given is added. */
  readonly taken: Taken
  /** The lines of all clones for the hosts file of each; absent: each has its own alone. */
  readonly hostsBlock?: readonly HostsEntry[]
}

/** Who a row's clone is to be; its SSH host keys come later, when they are made. */
export interface Draft {
  readonly row: BatchRow
  readonly machine: MachineSurvey
  readonly identity: Identity
  /** As asked for, less what its operations were disabled for. */
  readonly request: CloneRequest
  readonly notices: readonly Notice[]
}

/** Everything that is to happen to one clone. */
export interface PlannedClone {
  readonly row: BatchRow
  readonly machine: MachineSurvey
  readonly identity: Identity
  /** From the template's files to the clone's: one change a path. */
  readonly changes: readonly Change[]
  readonly notices: readonly Notice[]
  readonly was: IdentityCard
  readonly card: IdentityCard
}

/** Resolves a row. Throws what resolveIdentity throws. `sshKeys`: what stands for the keys until they are made. */
export function draftClone(ground: Ground, row: BatchRow, sshKeys: Identity['sshKeys']): Draft {
  const machine = ground.machineOf(row)
  const devices = machine.nics.map(({ device }) => device)
  const { hostsBlock } = ground
  const asked = hostsBlock === undefined ? row.request : { ...row.request, hostsBlock }
  const request = keepingDisabled(asked, ground.operations, devices)
  checkNicRequests(request.nics, machine.nics)
  const made = { draw: ground.drawOf(row), fixed: undefined, sshKeys, taken: ground.taken }
  const { identity: drawn, notices } = resolveIdentity({ ...ground.survey, machine }, request, made)
  // Whoever knows the seed of a batch must not know what its guests' randomness begins with.
  const identity = { ...drawn, randomSeed: drawRandomSeed(systemDraw) }
  take(ground.taken, identity)
  return { row, machine, identity, request, notices }
}

/** Plans a clone with the keys that it is to have. Pure. */
export function planDraft(ground: Ground, draft: Draft, sshKeys: Identity['sshKeys']): PlannedClone {
  const { row, machine, notices } = draft
  const identity = { ...draft.identity, sshKeys }
  const survey: Survey = { ...ground.survey, machine }
  const planned = planClone(survey, identity, ground.operations)
  return {
    row,
    machine,
    identity,
    changes: coalesce([...naming(ground, machine), ...planned.changes]),
    notices: [...notices, ...planned.notices],
    was: identityCard(ground.survey, identity.nics, 'was'),
    card: identityCard(planned.after, identity.nics, 'is'),
  }
}

/** The step from the template's .vmx to that of a clone under its own names. */
function naming({ survey }: Ground, machine: MachineSurvey): Change[] {
  const before = survey.machine?.vmx.bytes()
  return [
    {
      at: 'vmx',
      kind: 'write',
      path: `${machine.name}.vmx`,
      operation: 'clone',
      summary: 'names of its own files',
      ...(before === undefined ? {} : { before }),
      after: machine.vmx.bytes(),
    },
  ]
}
