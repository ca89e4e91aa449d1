import { expect, it } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { surveyGuest } from '../../src/workflow/survey-guest.ts'
import { identityOf, nicOf, pairOf, run } from '../support/clone.ts'
import { readGolden } from '../support/golden.ts'

const machineId = { policy: 'set', value: 'c9f0f895fb98ab9159f51fd0297e236d' } as const
const identity = (digit: number) =>
  identityOf({
    hostname: { short: 'node7' },
    machineId,
    sshKeys: { policy: 'set', pairs: ['rsa', 'ecdsa', 'ed25519'].map((type) => pairOf(type, 'node7')) },
    nics: [nicOf({ macChange: { from: ['00:0c:29:5e:10:01'], to: '00:50:56:00:00:07' } })],
    randomSeed: new Uint8Array(512).fill(digit),
  })

it('leaves a clone alone that was fixed and has run since, with whatever it made by itself', () => {
  const { before } = readGolden('fixtures/guests/rocky9-identity')
  const survey = (tree: typeof before) => ({ guest: surveyGuest(tree, false), vmnets: [] })
  const fixed = run(survey(before), identity(1), ...OPERATIONS).after.guest.tree
  const made = [
    '/var/lib/NetworkManager/secret_key',
    '/var/lib/NetworkManager/timestamps',
    '/var/lib/NetworkManager/internal-x-ens160.lease',
    '/var/lib/dhclient/dhclient.leases',
    '/var/lib/yum/uuid',
    '/var/lib/zypp/AnonymousUniqueId',
    '/var/lib/systemd/random-seed',
    `/var/log/journal/${machineId.value}/system.journal`,
    `/boot/loader/entries/${machineId.value}-5.14.0-503.el9.x86_64.conf`,
  ]
  const changes = made.map((path) => {
    const { content: after } = guestFile(path, `made by the clone: ${path}`)
    return {
      at: 'guest',
      kind: 'write',
      path,
      operation: '',
      summary: '',
      after: after as Uint8Array,
    } as const
  })
  expect(run(survey(fixed.with(changes)), identity(2), ...OPERATIONS).changes).toEqual([])
})
