import type { GuestRead, GuestTree } from '../../guest/tree.ts'
import type { Dialect } from '../dialect.ts'
import { LEASE_READS } from '../leases.ts'
import type { Evidence } from '../model.ts'
import { NAME_PIN_READS } from '../name-pins.ts'
import { SERVICE_READS, startsAtBoot } from '../services.ts'
import { ifupdown } from './ifupdown.ts'
import { CONFIG_READS, leavesEthernet, takesInterfaces } from './keyfile/config.ts'
import { CONNECTION_READS, readConnections } from './keyfile/connections.ts'
import { editProfile } from './keyfile/edit.ts'
import { NAME, readProfiles } from './keyfile/profiles.ts'

const IFCFG = '/etc/sysconfig/network-scripts/ifcfg-*'
const IFCFG_PLUGIN = [
  '/usr/lib64/NetworkManager/*/libnm-settings-plugin-ifcfg-rh.so',
  '/usr/lib64/NetworkManager/libnm-settings-plugin-ifcfg-rh.so',
]
const NETPLAN = '/usr/sbin/netplan'

/** NetworkManager's own profiles, and the connections that it makes without any. */
export const keyfile: Dialect = {
  name: NAME,
  heading:
    'NetworkManager keyfiles: /etc/NetworkManager/system-connections, or no file at all (RHEL 8 and later, Fedora, Debian desktops)',
  reads: [
    ...CONNECTION_READS,
    ...CONFIG_READS,
    ...SERVICE_READS,
    ...NAME_PIN_READS,
    ...LEASE_READS,
    IFCFG,
    '/etc/netplan/*',
    ...[...IFCFG_PLUGIN, NETPLAN].map((path): GuestRead => ({ path, attributes: true })),
  ],
  detect: (tree) => detect(tree),
  profiles: (tree) => readProfiles(tree),
  edit: (tree, edit) => editProfile(tree, edit),
}

function detect(tree: GuestTree): Evidence | undefined {
  const boot = startsAtBoot(tree, 'NetworkManager')
  if (boot === undefined || leavesEthernet(tree) || isNetplans(tree)) return undefined
  const file = readConnections(tree).connections.find(({ type }) => type === 'ethernet')
  if (!file && hasIfcfg(tree)) return undefined
  if (!takesInterfaces(tree) && ifupdown.detect(tree)) return undefined
  return { dialect: NAME, because: file ? `${file.path} and ${boot}` : boot }
}

/** True if netplan writes NetworkManager's profiles while the guest boots. */
function isNetplans(tree: GuestTree): boolean {
  const devices = /^[ \t]+(ethernets|bonds|bridges|vlans)[ \t]*:/m
  return (
    tree.exists(NETPLAN) &&
    tree.glob('/etc/netplan/*.yaml').some(({ path }) => devices.test(tree.text(path) ?? ''))
  )
}

/** True if the profiles are ifcfg files that this NetworkManager reads. */
function hasIfcfg(tree: GuestTree): boolean {
  if (!IFCFG_PLUGIN.some((pattern) => tree.glob(pattern).length > 0)) return false
  return tree
    .glob(IFCFG)
    .some(({ path }) => !path.endsWith('/ifcfg-lo') && !/\.(bak|orig|rej|rpmnew)$|~$/.test(path))
}
