import type { GuestTree } from '../../guest/tree.ts'
import type { Dialect } from '../dialect.ts'
import type { Evidence } from '../model.ts'
import { NAME_PIN_READS } from '../name-pins.ts'
import { definitionsOf } from './netplan/definitions.ts'
import { editProfile } from './netplan/edit.ts'
import { collectFiles, FILE_READS } from './netplan/files.ts'
import { NAME, readProfiles } from './netplan/profiles.ts'
import { VERSION_READS } from './netplan/version.ts'

const PROGRAMS = ['/usr/sbin/netplan', '/sbin/netplan', '/usr/share/netplan/netplan.script']

/** netplan: the YAML files of Ubuntu since 17.10, for both of its renderers. */
export const netplan: Dialect = {
  name: NAME,
  heading:
    'netplan: /etc/netplan/*.yaml for systemd-networkd and NetworkManager (Ubuntu, Debian cloud images)',
  reads: [
    ...FILE_READS,
    ...PROGRAMS.map((path) => ({ path, attributes: true as const })),
    ...VERSION_READS,
    ...NAME_PIN_READS,
  ],
  detect: (tree) => detect(tree),
  profiles: (tree) => readProfiles(tree),
  edit: (tree, edit) => editProfile(tree, edit),
}

/** A file that only names a renderer hands all NICs to NetworkManager and its own profiles. */
function detect(tree: GuestTree): Evidence | undefined {
  const program = PROGRAMS.find((path) => tree.exists(path))
  if (program === undefined) return undefined
  const files = collectFiles(tree)
  const [first] = definitionsOf(files)
  const file = first && files[first.parts[0]?.file ?? 0]
  return file && { dialect: NAME, because: `${file.path} and ${program}` }
}
