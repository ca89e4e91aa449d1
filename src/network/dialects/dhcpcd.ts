import type { GuestTree } from '../../guest/tree.ts'
import type { Dialect } from '../dialect.ts'
import type { Evidence } from '../model.ts'
import { NAME_PIN_READS } from '../name-pins.ts'
import { SERVICE_READS, startsAtBoot } from '../services.ts'
import { editProfile } from './dhcpcd/edit.ts'
import { CONF, instances, NAME, PROFILE_READS, readProfiles } from './dhcpcd/profiles.ts'

/** dhcpcd as the manager of the network, static addresses in its own file. */
export const dhcpcd: Dialect = {
  name: NAME,
  heading: 'dhcpcd: /etc/dhcpcd.conf (Raspberry Pi OS to 11, Void, Gentoo)',
  reads: [...PROFILE_READS, ...SERVICE_READS, ...NAME_PIN_READS],
  detect: (tree) => detect(tree),
  profiles: (tree) => readProfiles(tree),
  edit: (tree, edit) => editProfile(tree, edit),
}

function detect(tree: GuestTree): Evidence | undefined {
  const [instance] = instances(tree)
  const unit = instance === undefined ? undefined : `dhcpcd@${instance}.service enabled`
  const boot = startsAtBoot(tree, 'dhcpcd') ?? startsAtBoot(tree, 'dhcpcd5') ?? unit
  if (boot === undefined) return undefined
  return { dialect: NAME, because: tree.exists(CONF) ? `${CONF} and ${boot}` : boot }
}
