import { KEY_FILE, parseIni } from '../../../formats/ini-document.ts'
import { addSection } from '../../../formats/ini-edit.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import { connectionUuid } from '../../connection-uuid.ts'
import { LEASE_READS } from '../../leases.ts'
import type { MacChange, Profile } from '../../model.ts'
import { connectsByItself } from './config.ts'
import { type Connection, PROFILES, readConnection } from './connections.ts'
import { ETHERNET, listOf, valueIn } from './document.ts'

/**
 * What NetworkManager does for each ethernet device that no profile fits: a connection by DHCP that no file holds, or,
 * with no-auto-default=*, nothing. None if some profile fits every device.
 */
export function automaticProfile(tree: GuestTree, connections: readonly Connection[]): Profile[] {
  const ethernet = connections.filter(({ type }) => type === 'ethernet')
  if (!ethernet.every(isBound)) return []
  let number = 0
  while (tree.entry(fileOf(number))) number++
  const byItself = connectsByItself(tree)
  return [
    {
      dialect: 'keyfile',
      name: `Wired connection ${number + 1}`,
      file: fileOf(number),
      shared: true,
      now: byItself ? { ipv4: { method: 'dhcp' } } : {},
      defaultRoute: byItself,
    },
  ]
}

/** The profile as a file, automatic still, for the NIC that gets this MAC. */
export function newConnection(tree: GuestTree, { file, name }: Profile, mac: MacChange): Connection {
  const base = file.slice(file.lastIndexOf('/') + 1)
  const uuid = connectionUuid(mac, base)
  const interfaceName = mac.to === undefined ? onlyLeasedName(tree) : undefined
  const groups: [string, [string, string][]][] = [
    [
      'connection',
      [
        ['id', name],
        ...(uuid === undefined ? [] : [['uuid', uuid] as [string, string]]),
        ['type', 'ethernet'],
        ...(interfaceName === undefined ? [] : [['interface-name', interfaceName] as [string, string]]),
      ],
    ],
    ['ethernet', mac.to === undefined ? [] : [['mac-address', mac.to.toUpperCase()]]],
    ['ipv4', [['method', 'auto']]],
    ['ipv6', [['method', 'auto']]],
  ]
  const document = groups.reduce(
    (next, [group, pairs]) => addSection(next, group, pairs),
    parseIni('', KEY_FILE),
  )
  const connection = readConnection(file, '[connection]\ntype=ethernet\n') as Connection
  return { ...connection, document, id: name }
}

function fileOf(number: number): string {
  return `${PROFILES}/vmclone-nic${number}.nmconnection`
}

/** True if a profile says which device it is for. */
function isBound({ document, interfaceName }: Connection): boolean {
  return (
    interfaceName !== undefined ||
    valueIn(document, ETHERNET, 'mac-address') !== undefined ||
    listOf(document, ['match'], 'interface-name').length > 0
  )
}

/** The one interface that NetworkManager's leases name; undefined if they name none or several. */
function onlyLeasedName(tree: GuestTree): string | undefined {
  const names = LEASE_READS.flatMap((read) => tree.glob(typeof read === 'string' ? read : read.path)).flatMap(
    ({ path }) => /NetworkManager\/.*-([A-Za-z0-9_]+)\.lease$/.exec(path)?.[1] ?? [],
  )
  const [name, ...more] = new Set(names)
  return more.length === 0 ? name : undefined
}
