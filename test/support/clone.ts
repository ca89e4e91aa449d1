import { fromByteText } from '../../src/formats/bytes.ts'
import { type GuestNode, GuestTree } from '../../src/guest/tree.ts'
import type { HostKeyPair, Identity, NicIdentity } from '../../src/identity/identity.ts'
import type { Notice } from '../../src/notices.ts'
import type { Operation } from '../../src/operations/operation.ts'
import type { Survey } from '../../src/operations/survey.ts'
import type { Change } from '../../src/transaction/change.ts'

/** A survey of a guest without a machine: a plain tree. */
export function surveyOf(nodes: readonly GuestNode[], guest: Partial<Survey['guest']> = {}): Survey {
  const os = { id: 'debian', versionId: '12', idLike: [], prettyName: 'Debian GNU/Linux 12 (bookworm)' }
  return { guest: { os, selinux: false, tree: new GuestTree(nodes), ...guest }, vmnets: [] }
}

/** An identity that asks for nothing but what is given. */
export function identityOf(more: Partial<Identity>): Identity {
  return {
    settled: false,
    uuid: { policy: 'keep' },
    vmxfId: new Uint8Array(16),
    generationId: new Uint8Array(16),
    nics: [],
    machineId: { policy: 'keep' },
    sshKeys: { policy: 'leave' },
    hosts: [],
    randomSeed: new Uint8Array(512).fill(7),
    storageSeed: new Uint8Array(32).fill(9),
    ...more,
  }
}

/** A NIC that stays as it is but for what is given. */
export function nicOf(more: Partial<NicIdentity>): NicIdentity {
  return { device: 'ethernet0', mac: { policy: 'keep' }, macChange: { from: [] }, addressing: {}, ...more }
}

/** A pair as the plan sees one; its halves are no real keys. */
export function pairOf(type: string, name: string): HostKeyPair {
  const word = type === 'ecdsa' ? 'ecdsa-sha2-nistp256' : `ssh-${type}`
  return {
    type,
    privateKey: fromByteText(`private ${type} ${name}\n`),
    publicKey: fromByteText(`${word} ${Buffer.from(`${type} ${name}`).toString('base64')} root@${name}\n`),
    fingerprint: `SHA256:${name}-${type}`,
  }
}

/** What operations plan, one after the other, and the guest afterwards. */
export interface Outcome {
  readonly changes: readonly Change[]
  readonly notices: readonly Notice[]
  readonly after: Survey
  /** Content of a file afterwards. */
  text(path: string): string | undefined
}

export function run(survey: Survey, identity: Identity, ...operations: readonly Operation[]): Outcome {
  const changes: Change[] = []
  const notices: Notice[] = []
  let tree = survey.guest.tree
  for (const operation of operations) {
    const planned = operation.plan({ ...survey, before: survey, guest: { ...survey.guest, tree } }, identity)
    changes.push(...planned.changes)
    notices.push(...planned.notices)
    tree = tree.with(planned.changes)
  }
  const after = { ...survey, guest: { ...survey.guest, tree } }
  return { changes, notices, after, text: (path) => tree.text(path) }
}
