import type { GuestTree } from '../../guest/tree.ts'
import type { Dialect } from '../dialect.ts'
import type { Evidence } from '../model.ts'
import { NAME_PIN_READS } from '../name-pins.ts'
import { RESOLV_CONF } from '../resolv-conf.ts'
import { editProfile } from './rc-local/edit.ts'
import { NAME, RC_LOCAL, readProfiles } from './rc-local/profiles.ts'

/** What runs /etc/rc.local in Void. */
const STAGE = '/etc/runit/2'

/** Static addresses as Void's handbook sets them: ip commands in /etc/rc.local. */
export const rcLocal: Dialect = {
  name: NAME,
  heading: 'rc.local: ip commands in /etc/rc.local (Void)',
  reads: [RC_LOCAL, { path: STAGE, attributes: true }, RESOLV_CONF, ...NAME_PIN_READS],
  detect: (tree) => detect(tree),
  profiles: (tree) => readProfiles(tree),
  edit: (tree, edit) => editProfile(tree, edit),
}

function detect(tree: GuestTree): Evidence | undefined {
  const runs = tree.exists(STAGE) && ((tree.file(RC_LOCAL)?.mode ?? 0) & 0o111) !== 0
  if (!runs || readProfiles(tree).length === 0) return undefined
  return { dialect: NAME, because: `ip commands in ${RC_LOCAL}, which ${STAGE} runs` }
}
