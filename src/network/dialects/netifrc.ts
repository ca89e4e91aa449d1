import type { GuestTree } from '../../guest/tree.ts'
import type { Dialect } from '../dialect.ts'
import type { Evidence } from '../model.ts'
import { NAME_PIN_READS } from '../name-pins.ts'
import { RESOLV_CONF } from '../resolv-conf.ts'
import { SERVICE_READS } from '../services.ts'
import { editProfile } from './netifrc/edit.ts'
import { CONF, enabledInterfaces, NAME, readProfiles } from './netifrc/profiles.ts'

/** Gentoo's netifrc: variables by interface, started by net.INTERFACE in a runlevel. */
export const netifrc: Dialect = {
  name: NAME,
  heading: 'netifrc: /etc/conf.d/net (Gentoo with OpenRC)',
  reads: [CONF, RESOLV_CONF, ...SERVICE_READS, ...NAME_PIN_READS],
  detect: (tree) => detect(tree),
  profiles: (tree) => readProfiles(tree),
  edit: (tree, edit) => editProfile(tree, edit),
}

function detect(tree: GuestTree): Evidence | undefined {
  const [first] = enabledInterfaces(tree)
  if (!first) return undefined
  return { dialect: NAME, because: tree.exists(CONF) ? `${CONF} and ${first.path}` : first.path }
}
