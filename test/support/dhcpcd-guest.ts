import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import { link } from './ifupdown-guest.ts'

export const DHCPCD_CONF = '/etc/dhcpcd.conf'

export const DHCPCD: GuestNode = link(
  '/etc/systemd/system/multi-user.target.wants/dhcpcd.service',
  '/lib/systemd/system/dhcpcd.service',
)

/** A guest with dhcpcd, a lease of eth0, and this file. */
export function dhcpcdGuest(text: string, more: readonly GuestNode[] = []): GuestTree {
  const lease = guestFile('/var/lib/dhcpcd/eth0.lease', '')
  return new GuestTree([guestFile(DHCPCD_CONF, text), lease, DHCPCD, ...more])
}
