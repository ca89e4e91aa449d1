import type { GuestTree } from '../../guest/tree.ts'
import type { Dialect } from '../dialect.ts'
import type { Evidence } from '../model.ts'
import { NAME_PIN_READS } from '../name-pins.ts'
import { RESOLV_CONF } from '../resolv-conf.ts'
import { SERVICE_READS, startsAtBoot } from '../services.ts'
import { editProfile } from './wicked/edit.ts'
import { collectFiles, DIRECTORY } from './wicked/files.ts'
import { NAME, readProfiles } from './wicked/profiles.ts'

const ALIAS = '/etc/systemd/system/network.service'
const SCRIPT = '/etc/init.d/network'

/** SUSE's ifcfg files, as wicked reads them, and the network script before it. */
export const wicked: Dialect = {
  name: NAME,
  heading: 'wicked: /etc/sysconfig/network/ifcfg-*, ifroute-*, routes (SLES 11 to 15, openSUSE Leap to 15)',
  reads: [
    `${DIRECTORY}/*`,
    { path: SCRIPT, attributes: true },
    RESOLV_CONF,
    ...SERVICE_READS,
    ...NAME_PIN_READS,
  ],
  detect: (tree) => detect(tree),
  profiles: (tree) => readProfiles(tree),
  edit: (tree, edit) => editProfile(tree, edit),
}

function detect(tree: GuestTree): Evidence | undefined {
  const [first] = collectFiles(tree)
  const boot = bootOf(tree)
  return first && boot !== undefined ? { dialect: NAME, because: `${first.path} and ${boot}` } : undefined
}

/** Where several managers are installed, network.service is an alias of the one that is in force. */
function bootOf(tree: GuestTree): string | undefined {
  const target = tree.entry(ALIAS)?.target
  if (target !== undefined) return /\/wicked\.service$/.test(target) ? `${ALIAS} is wicked` : undefined
  const native = startsAtBoot(tree, 'wicked')
  if (native !== undefined) return native
  // SLES 11: NETWORKMANAGER=yes makes the script start that instead.
  const manager = /^\s*NETWORKMANAGER=["']?yes\b/im.test(tree.text(`${DIRECTORY}/config`) ?? '')
  return tree.exists(SCRIPT) && !manager ? startsAtBoot(tree, 'network') : undefined
}
