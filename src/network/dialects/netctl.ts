import type { GuestTree } from '../../guest/tree.ts'
import type { Dialect } from '../dialect.ts'
import type { Evidence } from '../model.ts'
import { NAME_PIN_READS } from '../name-pins.ts'
import { SERVICE_READS } from '../services.ts'
import { editProfile } from './netctl/edit.ts'
import { DIRECTORY, enabledProfiles, NAME, readProfiles } from './netctl/profiles.ts'

/** Arch's netctl: profiles that a unit of their name starts. */
export const netctl: Dialect = {
  name: NAME,
  heading: 'netctl: /etc/netctl/* (Arch)',
  reads: [
    `${DIRECTORY}/*`,
    ...['hooks', 'interfaces'].map((one) => ({ path: `${DIRECTORY}/${one}/*`, attributes: true as const })),
    ...SERVICE_READS,
    ...NAME_PIN_READS,
  ],
  detect: (tree) => detect(tree),
  profiles: (tree) => readProfiles(tree),
  edit: (tree, edit) => editProfile(tree, edit),
}

function detect(tree: GuestTree): Evidence | undefined {
  const [first] = enabledProfiles(tree)
  return first && { dialect: NAME, because: `${first.path} and ${first.unit}` }
}
