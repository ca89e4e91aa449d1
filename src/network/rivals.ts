import type { GuestRead, GuestTree } from '../guest/tree.ts'
import type { Evidence } from './model.ts'
import { SERVICE_READS, startsAtBoot } from './services.ts'

/** What must be read to see managers for which there is no dialect here. */
export const RIVAL_READS: readonly GuestRead[] = [
  ...SERVICE_READS,
  '/etc/netplan/*',
  { path: '/usr/sbin/netplan', attributes: true },
  '/etc/NetworkManager/NetworkManager.conf',
  '/etc/NetworkManager/conf.d/*',
  '/etc/systemd/network/*',
]

/** Network managers in force that have no dialect here; they may claim the same NICs as one that has. */
export function rivals(tree: GuestTree): Evidence[] {
  const found: Evidence[] = []
  const netplan = tree
    .glob('/etc/netplan/*.yaml')
    .find(({ path }) => /^[ \t]+(ethernets|bonds|bridges|vlans):/m.test(tree.text(path) ?? ''))
  if (netplan && tree.exists('/usr/sbin/netplan')) found.push({ dialect: 'netplan', because: netplan.path })
  const networkd = startsAtBoot(tree, 'systemd-networkd')
  const network = tree.glob('/etc/systemd/network/*.network').at(0)
  if (networkd !== undefined && network)
    found.push({ dialect: 'systemd-networkd', because: `${network.path} and ${networkd}` })
  const manager = startsAtBoot(tree, 'NetworkManager')
  if (manager !== undefined && managesInterfaces(tree))
    found.push({ dialect: 'NetworkManager', because: `${manager} and [ifupdown] managed=true` })
  return found
}

/** NetworkManager leaves the NICs of /etc/network/interfaces alone unless it is told otherwise. */
function managesInterfaces(tree: GuestTree): boolean {
  const files = ['/etc/NetworkManager/NetworkManager.conf', ...confFiles(tree)]
  return files.some((path) =>
    /^\[ifupdown\][^[]*^managed\s*=\s*(true|yes|1|on)\b/im.test(tree.text(path) ?? ''),
  )
}

function confFiles(tree: GuestTree): string[] {
  return tree.glob('/etc/NetworkManager/conf.d/*.conf').map((node) => node.path)
}
