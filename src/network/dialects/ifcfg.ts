import type { GuestTree } from '../../guest/tree.ts'
import type { Dialect } from '../dialect.ts'
import type { Evidence } from '../model.ts'
import { NAME_PIN_READS } from '../name-pins.ts'
import { RESOLV_CONF } from '../resolv-conf.ts'
import { editProfile } from './ifcfg/edit.ts'
import { GLOBAL, SCRIPTS } from './ifcfg/files.ts'
import { activeFiles, NAME, readProfiles } from './ifcfg/profiles.ts'
import { READER_READS, readersOf } from './ifcfg/readers.ts'

/** RHEL's ifcfg files, as the network scripts and NetworkManager read them. */
export const ifcfg: Dialect = {
  name: NAME,
  heading: 'ifcfg: /etc/sysconfig/network-scripts/ifcfg-* (RHEL, CentOS 6 to 9, Fedora to 40)',
  reads: [
    `${SCRIPTS}/ifcfg-*`,
    `${SCRIPTS}/route-*`,
    `${SCRIPTS}/rule-*`,
    GLOBAL,
    RESOLV_CONF,
    ...READER_READS,
    ...NAME_PIN_READS,
  ],
  detect: (tree) => detect(tree),
  profiles: (tree) => readProfiles(tree),
  edit: (tree, edit) => editProfile(tree, edit),
}

function detect(tree: GuestTree): Evidence | undefined {
  const files = activeFiles(tree)
  const [first] = files
  if (!first) return undefined
  const readers = readersOf(tree)
  const used = [...new Set(files.map((file) => file.reader))].flatMap((reader) => readers[reader] ?? [])
  return { dialect: NAME, because: `${first.path} and ${used.join(', ')}` }
}
