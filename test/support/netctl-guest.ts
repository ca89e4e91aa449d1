import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import { link } from './ifupdown-guest.ts'

export const NETCTL = '/etc/netctl'

/** An Arch guest whose enabled profile "lan" has this text. */
export function netctlGuest(text: string, more: readonly GuestNode[] = []): GuestTree {
  return new GuestTree([
    guestFile(`${NETCTL}/lan`, text),
    link(
      '/etc/systemd/system/multi-user.target.wants/netctl@lan.service',
      '/usr/lib/systemd/system/netctl@.service',
    ),
    ...more,
  ])
}
