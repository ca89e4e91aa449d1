import type { GuestTree } from '../../guest/tree.ts'
import type { Dialect } from '../dialect.ts'
import type { Evidence } from '../model.ts'
import { SERVICE_READS, startsAtBoot } from '../services.ts'
import { editProfile } from './connman/edit.ts'
import { DIRECTORY, MAIN, NAME, readProfiles } from './connman/profiles.ts'

/** ConnMan: provisioning files, and what it keeps of its users' settings. */
export const connman: Dialect = {
  name: NAME,
  heading: 'ConnMan: /var/lib/connman/*.config and ethernet_*/settings',
  reads: [`${DIRECTORY}/*`, `${DIRECTORY}/*/settings`, MAIN, ...SERVICE_READS],
  detect: (tree) => detect(tree),
  profiles: (tree) => readProfiles(tree),
  edit: (tree, edit) => editProfile(tree, edit),
}

function detect(tree: GuestTree): Evidence | undefined {
  const boot = startsAtBoot(tree, 'connman') ?? startsAtBoot(tree, 'connmand')
  return boot === undefined ? undefined : { dialect: NAME, because: boot }
}
