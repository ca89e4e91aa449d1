import type { Fault } from '../../errors/index.ts'
import { type Draw, systemDraw } from '../../identity/draw.ts'
import type { Identity, NicIdentity } from '../../identity/identity.ts'
import type { CloneRequest, HostsEntry } from '../../identity/request.ts'
import type { Taken } from '../../identity/taken.ts'
import type { MachineSurvey } from '../../machine/survey.ts'
import type { Notice } from '../../notices.ts'
import type { Operation } from '../../operations/operation.ts'
import type { Survey } from '../../operations/survey.ts'
import type { Change } from '../../transaction/change.ts'
import { coalesce } from '../../transaction/coalesce.ts'
import { identityCard } from '../card.ts'
import { type Plan, planClone } from '../plan.ts'
import type { IdentityCard } from '../report.ts'
import { resolveIdentity } from '../resolve.ts'
import { checkNicRequests } from '../resolve-nics.ts'
import { keepingDisabled } from '../select.ts'
import { PlannedClone } from './planned-clone.ts'
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
  /** What other VMs have, and clones that were resolved before. */
  readonly taken: Taken
  /** What is wrong with rows for this guest. */
  readonly faults?: readonly Fault[]
  /** The lines of all clones for the hosts file of each; absent: each has its own alone. */
  readonly hostsBlock?: readonly HostsEntry[]
}

/** Who a row's clone is to be; its SSH host keys come later, when they are made. */
export interface Draft {
  readonly row: BatchRow
  readonly identity: Identity
  /** As asked for, less what its operations were disabled for. */
  readonly request: CloneRequest
  readonly notices: readonly Notice[]
}

/** Resolves a row, and draws nothing that is taken; what it draws is not taken by that. Throws what resolveIdentity throws. `sshKeys`: what stands for the keys until they are made. */
export function draftClone(ground: Ground, row: BatchRow, sshKeys: Identity['sshKeys']): Draft {
  const machine = ground.machineOf(row)
  const devices = machine.nics.map(({ device }) => device)
  const { hostsBlock } = ground
  const asked = hostsBlock === undefined ? row.request : { ...row.request, hostsBlock }
  const request = keepingDisabled(asked, ground.operations, devices)
  checkNicRequests(request.nics, machine.nics)
  const { taken } = ground
  const made = { draw: ground.drawOf(row), secretDraw: systemDraw, fixed: undefined, sshKeys, taken }
  const { identity, notices } = resolveIdentity({ ...ground.survey, machine }, request, made)
  return { row, identity, request, notices }
}

/** Plans a clone with the keys that it is to have. Pure. */
export function planDraft(
  ground: Ground,
  { row, notices, ...draft }: Draft,
  sshKeys: Identity['sshKeys'],
): PlannedClone {
  const identity = { ...draft.identity, sshKeys }
  const { after, ...planned } = planOf(ground, row, identity)
  return new PlannedClone({
    row,
    identity,
    notices: [...notices, ...planned.notices],
    was: templateCard(ground.survey, identity.nics),
    card: identityCard(after(), identity.nics, 'is'),
    changes: planned.changes,
    again: () => planOf(ground, row, identity).changes,
  })
}

/** The last one made of a template, and the NICs that it was made for. */
const cards = new WeakMap<Survey, { readonly nics: readonly NicIdentity[]; readonly card: IdentityCard }>()

/** A template's card hangs on nothing of a clone but which profile belongs to which NIC. */
function templateCard(survey: Survey, nics: readonly NicIdentity[]): IdentityCard {
  const last = cards.get(survey)
  const same = last?.nics.every((nic, i) => nic.device === nics[i]?.device && nic.profile === nics[i].profile)
  if (last !== undefined && same && last.nics.length === nics.length) return last.card
  const card = identityCard(survey, nics, 'was')
  cards.set(survey, { nics, card })
  return card
}

function planOf(ground: Ground, row: BatchRow, identity: Identity): Plan {
  const machine = ground.machineOf(row)
  const { changes, ...planned } = planClone({ ...ground.survey, machine }, identity, ground.operations)
  return { changes: coalesce([...naming(ground, machine), ...changes]), ...planned }
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
