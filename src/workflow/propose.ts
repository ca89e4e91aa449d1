import type { Guest } from '../guest/guest.ts'
import type { Draw } from '../identity/draw.ts'
import type { FixedIdentity } from '../identity/fixed.ts'
import type { Identity } from '../identity/identity.ts'
import type { CloneRequest } from '../identity/request.ts'
import type { Operation } from '../operations/operation.ts'
import type { Survey } from '../operations/survey.ts'
import { identityCard } from './card.ts'
import type { HostKeyMaker } from './host-keys.ts'
import type { CommonOptions } from './options.ts'
import { planClone } from './plan.ts'
import type { CloneReport } from './report.ts'
import { resolveIdentity } from './resolve.ts'
import type { Run } from './run.ts'
import { sweep } from './sweep/sweep.ts'

/** What is asked of a surveyed clone, and what is made for it. */
export interface Proposal {
  readonly request: CloneRequest
  readonly operations: readonly Operation[]
  readonly draw: Draw
  readonly keys: HostKeyMaker
  /** What an earlier run gave to it at this place. */
  readonly fixed?: FixedIdentity
}

/**
 * From survey to plan: who the clone is to be, every change for that, both cards for the report, and what the guest would still say of
 * the old machine. Notices go to the run.
 */
export async function propose(
  run: Run<CommonOptions>,
  guest: Guest,
  survey: Survey,
  { request, operations, draw, keys, fixed }: Proposal,
): Promise<{ identity: Identity; seen: Pick<CloneReport, 'changes'> & Partial<CloneReport> }> {
  run.stage('plan')
  const sshKeys = await keys.keysFor(survey)
  const { identity, notices } = resolveIdentity(survey, request, { draw, fixed, sshKeys })
  const { changes, after, ...planned } = planClone(survey, identity, operations)
  run.note(...notices, ...planned.notices)
  const was = identityCard(survey, identity.nics, 'was')
  const is = identityCard(after(), identity.nics, 'is')
  const swept = await sweep(run, guest, { was, is, changes })
  return {
    identity,
    seen: {
      was,
      identity: is,
      os: survey.guest.os.prettyName,
      changes,
      ...(swept === undefined ? {} : { sweep: swept }),
    },
  }
}
