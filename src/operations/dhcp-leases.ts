import { filesMatching, removal } from './edit.ts'
import { HELD_READS, holdsIdentity } from './held.ts'
import { NOTHING, type Operation } from './operation.ts'

const operation = 'dhcp-leases'

const STATE = [
  '/var/lib/dhcp/*.leases*',
  '/var/lib/dhcp3/*.leases*',
  '/var/lib/dhclient/*',
  '/var/lib/NetworkManager/*.lease',
  '/var/lib/NetworkManager/dhclient*.conf',
  '/var/lib/dhcpcd/*',
  '/var/lib/dhcpcd5/*',
  '/var/db/dhcpcd/*',
  // dhcpcd to version 7, as its makers have it.
  '/var/db/dhcpcd-*',
  '/etc/dhcpcd.duid',
  '/etc/dhcpcd.secret',
  '/var/lib/dhcpv6/*duid*',
  '/var/lib/wicked/lease-*.xml',
  '/var/lib/wicked/duid.xml',
  '/var/lib/wicked/iaid.xml',
]

/** The lease database of the ISC DHCP server, which lies among the client's and is the server's data. */
const SERVER = /\/dhcpd6?\.leases[^/]*$/

export const dhcpLeases: Operation = {
  name: operation,
  heading: 'Forget DHCP leases and client identifiers',
  description:
    'Deletes the leases and identifiers (DUID) that DHCP clients keep: dhclient, dhcpcd, NetworkManager, wicked. A clone that has them asks for the address of its template.',
  notes:
    'systemd-networkd keeps its leases in memory and makes its identifier of the machine-id. The lease database of a DHCP server in the guest stays. A guest that already holds this identity keeps its leases: they are its own.',
  default: true,
  reads: [...STATE, ...HELD_READS],
  plan(survey, identity) {
    if (holdsIdentity(survey, identity)) return NOTHING
    const changes = filesMatching(survey.guest.tree, STATE)
      .filter((node) => !SERVER.test(node.path))
      .map((node) => removal(node, { operation, summary: 'DHCP state of the template deleted' }))
    return { changes, notices: [] }
  },
}
