import { expect, test } from 'vitest'
import { GuestTree, guestFile } from '../../src/guest/tree.ts'
import { collectFiles as ifcfgFiles } from '../../src/network/dialects/ifcfg/files.ts'
import { collectFiles as interfacesFiles } from '../../src/network/dialects/ifupdown/sources.ts'
import { readConnections } from '../../src/network/dialects/keyfile/connections.ts'
import { collectFiles as netplanFiles } from '../../src/network/dialects/netplan/files.ts'
import { readUnits } from '../../src/network/dialects/networkd/files.ts'
import { collectFiles as wickedFiles } from '../../src/network/dialects/wicked/files.ts'
import { lastLease } from '../../src/network/leases.ts'

const LEASE = '/var/lib/dhcp/dhclient.eth0.leases'

test.each<[string, (tree: GuestTree) => unknown, string, string]>([
  ['ifcfg', ifcfgFiles, '/etc/sysconfig/network-scripts/ifcfg-eth0', 'DEVICE=eth0\n'],
  ['ifupdown', interfacesFiles, '/etc/network/interfaces', 'iface eth0 inet dhcp\n'],
  [
    'keyfile',
    readConnections,
    '/usr/lib/NetworkManager/system-connections/a.nmconnection',
    '[connection]\ntype=ethernet\n',
  ],
  ['netplan', netplanFiles, '/etc/netplan/50.yaml', 'network: {}\n'],
  [
    'systemd-networkd',
    (tree) => readUnits(tree, '.network'),
    '/etc/systemd/network/a.network',
    '[Match]\nName=eth0\n',
  ],
  ['wicked', wickedFiles, '/etc/sysconfig/network/ifcfg-eth0', 'BOOTPROTO=dhcp\n'],
  [
    'a lease',
    (tree) => lastLease(tree, 'eth0'),
    LEASE,
    'lease {\n interface "eth0";\n fixed-address 10.0.0.5;\n}\n',
  ],
])(
  '%s is read once for all clones that do not change it, and anew for one that does',
  (_, read, path, text) => {
    const template = new GuestTree([guestFile(path, text)])
    const write = (to: string, after: string) =>
      template.with([
        { at: 'guest', kind: 'write', path: to, operation: 'x', summary: 'x', after: Buffer.from(after) },
      ])
    const known = read(template)
    expect(known).toBeDefined()
    expect(read(write('/etc/hostname', 'node1\n'))).toBe(known)
    expect(read(write(path, `${text}# node1\n`))).not.toBe(known)
  },
)
