import type { GuestNode } from '../guest/tree.ts'
import type { HostKeyPair } from '../identity/identity.ts'
import type { Notice } from '../notices.ts'
import type { Change } from '../transaction/change.ts'
import { removal, replaceContent, secret } from './edit.ts'
import { HELD_READS } from './held.ts'
import { hostKeysElsewhere, hostKeysOf, lacksHostKeys } from './host-keys.ts'
import { NOTHING, type Operation } from './operation.ts'

const operation = 'ssh-host-keys'

export const sshHostKeys: Operation = {
  name: operation,
  heading: 'Give the SSH server host keys of its own',
  description:
    'Each host key that the guest has (/etc/ssh/ssh_host_*_key, and what sshd_config names below /etc/ssh) is replaced in place by a new one of the same type and form (PEM stays PEM, for old servers), made on this host; owner, mode and label stay. DSA pairs, keys of SSH protocol 1, empty files of an unknown type, and host certificates, which cannot be renewed, are deleted. A Debian guest whose SSH server has no host keys at all gets some, for it would not make them at boot.',
  notes:
    'Keys of a type that a guest with host keys does not have are not added (a FIPS guest gets no ed25519 key). Keys at unusual places are left, with a notice.',
  default: true,
  reads: HELD_READS,
  plan(survey, identity) {
    const { tree } = survey.guest
    const { sshKeys } = identity
    if (sshKeys.policy === 'keep' || sshKeys.policy === 'leave') return NOTHING
    const changes: Change[] = []
    const notices: Notice[] = hostKeysElsewhere(tree).map(elsewhere)
    for (const { type, privateFile, publicFile, certificate } of hostKeysOf(tree)) {
      const pair = sshKeys.policy === 'set' ? sshKeys.pairs.find((made) => made.type === type) : undefined
      const { path } = privateFile
      if (pair !== undefined) {
        const summary = `new ${pair.type} host key ${pair.fingerprint}`
        changes.push(secret(replaceContent(privateFile, pair.privateKey, { operation, summary })))
        if (publicFile) changes.push(replaceContent(publicFile, pair.publicKey, { operation, summary }))
      } else if (sshKeys.policy === 'delete' || isDead(type, privateFile)) {
        const summary = `${type ?? 'SSH'} host key deleted`
        changes.push(secret(removal(privateFile, { operation, summary })))
        if (publicFile) changes.push(removal(publicFile, { operation, summary }))
      } else {
        notices.push({
          code: 'ssh-key-left',
          message: `${path} was left: no new key of ${type === undefined ? 'its unknown type' : `type ${type}`} was made.`,
          hint: 'Replace it by hand if sshd uses it.',
        })
        continue
      }
      if (certificate) {
        changes.push(removal(certificate, { operation, summary: 'certificate of the old host key deleted' }))
        notices.push({
          code: 'ssh-certificate-removed',
          message: `${certificate.path} certified the old host key and was deleted.`,
          hint: 'Sign the new host key with your certificate authority.',
        })
      }
    }
    if (sshKeys.policy === 'set' && lacksHostKeys(tree)) {
      changes.push(...sshKeys.pairs.flatMap(newPair))
      if (changes.length > 0) notices.push(made)
    }
    if (sshKeys.policy === 'delete' && changes.length > 0) notices.push(deleted)
    return { changes: changes.filter(differs), notices }
  },
}

/** What no ssh-keygen makes any more; and an empty file, which keeps the guest from making a key there. */
function isDead(type: string | undefined, { size }: GuestNode): boolean {
  return type === 'dsa' || type === 'rsa1' || (type === undefined && size === 0)
}

function newPair({ type, privateKey, publicKey, fingerprint }: HostKeyPair): Change[] {
  const path = `/etc/ssh/ssh_host_${type}_key`
  const common = { at: 'guest', kind: 'write', operation, owner: { uid: 0, gid: 0 } } as const
  const summary = `new ${type} host key ${fingerprint}`
  return [
    secret({ ...common, path, summary, after: privateKey, mode: 0o600, labelType: 'sshd_key_t' }),
    { ...common, path: `${path}.pub`, summary, after: publicKey, mode: 0o644, labelType: 'sshd_key_t' },
  ]
}

function differs(change: Change): boolean {
  return change.kind !== 'write' || !change.before || Buffer.compare(change.before, change.after) !== 0
}

function elsewhere(path: string): Notice {
  return {
    code: 'ssh-key-left',
    message: `sshd_config names the host key ${path}, which is not looked at there and was left.`,
    hint: 'Replace it by hand.',
  }
}

const made: Notice = {
  code: 'ssh-keys-made',
  message: 'The guest has an SSH server and had no host keys, so new ones were made.',
}

const deleted: Notice = {
  code: 'ssh-keys-deleted',
  message:
    'The SSH host keys were deleted and none were made; Debian and Ubuntu do not make new ones at boot, and without a key sshd does not start.',
  hint: 'Use --ssh-keys new, or run `ssh-keygen -A` in the guest.',
}
