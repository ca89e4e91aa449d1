import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { GuestTree } from '../../src/guest/tree.ts'
import type { NicAddressing, Profile } from '../../src/network/model.ts'
import { surveyGuest } from '../../src/workflow/survey-guest.ts'
import { readGolden } from './golden.ts'

const ROOT = 'fixtures/guests'

/** A NIC of a golden guest that is given an address, for those that judge what stands in its files afterwards. */
export interface GoldenNic {
  readonly golden: string
  readonly after: GuestTree
  /** As it is afterwards. */
  readonly profile: Profile
  readonly to?: string
  readonly addressing: NicAddressing
}

/** Of every golden guest in which this dialect is in force. */
export function goldenNics(dialect: string): GoldenNic[] {
  return readdirSync(ROOT).flatMap((golden) => {
    const { guest, before, after } = readGolden(join(ROOT, golden))
    if (surveyGuest(before, false).network?.evidence.dialect !== dialect) return []
    const profiles = surveyGuest(after, false).network?.profiles ?? []
    return guest.identity.nics.flatMap(({ profile: named, to, addressing }) => {
      if (named === undefined || addressing.ipv4 === undefined) return []
      const profile =
        profiles.find(({ mac }) => mac !== undefined && mac === to) ??
        profiles.find(({ name }) => name === named)
      if (!profile) throw new Error(`${golden}: nothing is left of ${named}`)
      return [{ golden, after, profile, addressing, ...(to === undefined ? {} : { to }) }]
    })
  })
}
