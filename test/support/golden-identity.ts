import type { Identity } from '../../src/identity/identity.ts'
import { hostKeyTypes } from '../../src/operations/host-keys.ts'
import type { Operation } from '../../src/operations/operation.ts'
import type { Survey } from '../../src/operations/survey.ts'
import { selectOperations } from '../../src/workflow/select.ts'
import { identityOf, nicOf, pairOf } from './clone.ts'
import type { GoldenGuest } from './golden.ts'

/** The usual operations, and those that guest.json enables. */
export function operationsFor({ enable = [] }: GoldenGuest): Operation[] {
  return selectOperations({ enable, disable: [] })
}

/** What a golden guest is to become: new host keys are pairOf(type, hostname), the random seed is "seed" over and over. */
export function identityFor({ identity }: GoldenGuest, { guest }: Survey): Identity {
  const { hostname, machineId, nics, hosts } = identity
  const types = hostKeyTypes(guest.tree)
  return identityOf({
    ...(hostname && { hostname }),
    machineId: { policy: 'set', value: machineId },
    sshKeys: { policy: 'set', pairs: types.map((type) => pairOf(type, hostname?.short ?? 'localhost')) },
    hosts,
    randomSeed: new Uint8Array(Buffer.from('seed'.repeat(128))),
    nics: nics.map(({ profile: named, from, to, addressing }, index) => {
      // A second run finds by its MAC what the first one gave another name.
      const profiles = named === undefined ? [] : (guest.network?.profiles ?? [])
      const profile =
        profiles.find((candidate) => candidate.name === named) ??
        profiles.find((candidate) => candidate.mac !== undefined && candidate.mac === to)
      if (named !== undefined && profile === undefined) throw new Error(`no profile ${named}`)
      return nicOf({
        device: `ethernet${index}`,
        macChange: { from, ...(to === undefined ? {} : { to }) },
        addressing,
        ...(profile && { profile }),
      })
    }),
  })
}
