import type { GuestRead, GuestTree } from '../../guest/tree.ts'
import type { Dialect } from '../dialect.ts'
import type { Evidence } from '../model.ts'
import { NAME_PIN_READS } from '../name-pins.ts'
import { SERVICE_READS, startsAtBoot } from '../services.ts'
import { DNS_READS } from './networkd/dns.ts'
import { editProfile } from './networkd/edit.ts'
import { ETC, NETWORK_READS } from './networkd/files.ts'
import { NAME, readProfiles } from './networkd/profiles.ts'

const NETPLAN = '/usr/sbin/netplan'

/** systemd-networkd: .network files, their drop-ins and the vendor's. */
export const networkd: Dialect = {
  name: NAME,
  heading: 'systemd-networkd: .network files in /etc/systemd/network and the vendor’s (Photon, Debian, Arch)',
  reads: [
    ...NETWORK_READS,
    ...SERVICE_READS,
    ...NAME_PIN_READS,
    ...DNS_READS,
    '/etc/netplan/*',
    ...[NETPLAN].map((path): GuestRead => ({ path, attributes: true })),
  ],
  detect: (tree) => detect(tree),
  profiles: (tree) => tree.recall(readProfiles),
  edit: (tree, edit) => editProfile(tree, edit),
}

/** Beside another manager the vendor's files alone are no evidence: a .network file of the guest's own is. */
function detect(tree: GuestTree): Evidence | undefined {
  const boot = startsAtBoot(tree, NAME)
  if (boot === undefined) return undefined
  const others = ['NetworkManager', 'networking', 'network'].some(
    (one) => startsAtBoot(tree, one) !== undefined,
  )
  const netplan = tree.exists(NETPLAN) && tree.glob('/etc/netplan/*.yaml').length > 0
  const found = tree
    .recall(readProfiles)
    .find(({ file }) => !(others || netplan) || file.startsWith(`${ETC}/`))
  return found && { dialect: NAME, because: `${found.file} and ${boot}` }
}
