import { sameBytes } from '../formats/bytes.ts'
import type { Identity } from '../identity/identity.ts'
import type { MachineSurvey } from '../machine/survey.ts'
import { VmxDocument } from '../machine/vmx/document.ts'
import { readNics } from '../machine/vmx/nics.ts'
import { observeNetwork } from '../network/detect.ts'
import type { Notice } from '../notices.ts'
import type { Operation } from '../operations/operation.ts'
import type { Survey } from '../operations/survey.ts'
import type { Change } from '../transaction/change.ts'
import { coalesce } from '../transaction/coalesce.ts'

/** Everything that is to happen to one clone, and how the clone looks afterwards. */
export interface Plan {
  /** One change a path, in the order in which they are made. */
  readonly changes: readonly Change[]
  readonly notices: readonly Notice[]
  /** The survey as a survey of the changed clone would be. */
  after(): Survey
}

/** Asks each operation in turn; each sees what those before it planned. Pure. */
export function planClone(survey: Survey, identity: Identity, operations: readonly Operation[]): Plan {
  const changes: Change[] = []
  const notices: Notice[] = []
  let after: Survey = { ...survey, before: survey }
  for (const operation of operations) {
    const planned = operation.plan(after, identity)
    changes.push(...planned.changes)
    notices.push(...planned.notices)
    after = withChanges(after, planned.changes)
  }
  const { before: _, ...rest } = after
  return { changes: coalesce(changes), notices, after: () => ({ ...rest, guest: reread(rest) }) }
}

function withChanges(survey: Survey, changes: readonly Change[]): Survey {
  if (changes.length === 0) return survey
  const { machine, guest } = survey
  return {
    ...survey,
    ...(machine === undefined ? {} : { machine: machineWith(machine, changes) }),
    guest: { ...guest, tree: guest.tree.with(changes) },
  }
}

function machineWith(machine: MachineSurvey, changes: readonly Change[]): MachineSurvey {
  let next = machine
  for (const change of changes) {
    if (change.kind !== 'write' || change.at === 'guest') continue
    if (change.at === 'vmx' && !sameBytes(change.after, next.vmx.bytes())) {
      const vmx = VmxDocument.parse(change.after, next.vmx.file)
      next = { ...next, vmx, nics: readNics(vmx) }
    } else if (change.path === next.vmxf?.name) {
      next = { ...next, vmxf: { name: change.path, bytes: change.after } }
    }
  }
  return next
}

function reread(survey: Survey): Survey['guest'] {
  const { network: _, ...guest } = survey.guest
  const network = observeNetwork(guest.tree)
  return network === undefined ? guest : { ...guest, network }
}
