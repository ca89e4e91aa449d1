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

/** What is asked of a surveyed clone, and what is made for it. */
export interface Proposal {
  readonly request: CloneRequest
  readonly operations: readonly Operation[]
  readonly draw: Draw
  readonly keys: HostKeyMaker
  /** What an earlier run gave to it at this place. */
  readonly fixed?: FixedIdentity
}

/** From survey to plan: who the clone is to be, every change for that, and both cards for the report. Notices go to the run. */
export async function propose(
  run: Run<CommonOptions>,
  survey: Survey,
  { request, operations, draw, keys, fixed }: Proposal,
): Promise<{ identity: Identity; seen: Pick<CloneReport, 'changes'> & Partial<CloneReport> }> {
  run.stage('plan')
  const sshKeys = await keys.keysFor(survey)
  const { identity, notices } = resolveIdentity(survey, request, { draw, fixed, sshKeys })
  const { changes, after, ...planned } = planClone(survey, identity, operations)
  run.note(...notices, ...planned.notices)
  const was = identityCard(survey, identity.nics, 'was')
  return {
    identity,
    seen: {
      was,
      identity: identityCard(after, identity.nics, 'is'),
      os: survey.guest.os.prettyName,
      changes,
    },
  }
}
