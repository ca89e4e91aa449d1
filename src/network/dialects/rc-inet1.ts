import type { GuestTree } from '../../guest/tree.ts'
import type { Dialect } from '../dialect.ts'
import type { Evidence } from '../model.ts'
import { NAME_PIN_READS } from '../name-pins.ts'
import { RESOLV_CONF } from '../resolv-conf.ts'
import { SERVICE_READS } from '../services.ts'
import { editProfile } from './rc-inet1/edit.ts'
import { CONF, NAME, readProfiles } from './rc-inet1/profiles.ts'

const SCRIPT = '/etc/rc.d/rc.inet1'

/** Slackware's rc.inet1.conf: arrays by the number of the interface. */
export const rcInet1: Dialect = {
  name: NAME,
  heading: 'rc.inet1: /etc/rc.d/rc.inet1.conf (Slackware)',
  reads: [CONF, { path: SCRIPT, attributes: true }, RESOLV_CONF, ...SERVICE_READS, ...NAME_PIN_READS],
  detect: (tree) => detect(tree),
  profiles: (tree) => readProfiles(tree),
  edit: (tree, edit) => editProfile(tree, edit),
}

/** Slackware's scripts run if they are executable. */
function detect(tree: GuestTree): Evidence | undefined {
  const runs = ((tree.file(SCRIPT)?.mode ?? 0) & 0o111) !== 0
  const configured = readProfiles(tree).some(({ now }) => now.ipv4 ?? now.ipv6)
  const other = ((tree.file('/etc/rc.d/rc.networkmanager')?.mode ?? 0) & 0o111) !== 0
  if (!runs || !tree.exists(CONF) || (other && !configured)) return undefined
  return { dialect: NAME, because: `${CONF} and ${SCRIPT}, which is executable` }
}
