import { describe, expect, it } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import type { FixedIdentity } from '../../src/identity/fixed.ts'
import { fingerprintOf } from '../../src/identity/ssh-keys.ts'
import { wireString } from '../../src/identity/ssh-wire.ts'
import { makeHostKeys } from '../../src/workflow/host-keys.ts'
import { surveyOf } from '../support/clone.ts'

const publicKey = (name: string) => {
  const blob = Buffer.concat([wireString('ssh-ed25519'), wireString(name)])
  return `ssh-ed25519 ${blob.toString('base64')} root@${name}\n`
}
const guest = (name: string) =>
  surveyOf([
    guestFile('/etc/ssh/ssh_host_ed25519_key', 'secret', { mode: 0o600 }),
    guestFile('/etc/ssh/ssh_host_ed25519_key.pub', publicKey(name)),
  ])
const request = { nics: [], hosts: [], enable: [], disable: [] }
const fixed: FixedIdentity = {
  uuid: 'keep',
  macs: {},
  addresses: {},
  machineId: 'keep',
  sshKeys: [fingerprintOf(publicKey('given')) as string],
  replacedKeys: [fingerprintOf(publicKey('template')) as string],
  vmxfId: '',
  generationId: '',
}

describe('a clone that was given host keys', () => {
  it.each([
    ['keeps them', 'given', 'leave'],
    ['keeps those that somebody made since', 'rotated', 'leave'],
    ['gets new ones for those of the template that came back', 'template', 'set'],
  ])('%s', async (_, name, policy) => {
    const keys = makeHostKeys(request, { hostname: 'node1', fixed, signal: undefined })
    expect((await keys.keysFor(guest(name))).policy).toBe(policy)
    keys.close()
  })
})
