import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import { link } from './ifupdown-guest.ts'

export const SUSE = '/etc/sysconfig/network'

export const WICKED: readonly GuestNode[] = [
  link('/etc/systemd/system/network.service', '/usr/lib/systemd/system/wicked.service'),
  link(
    '/etc/systemd/system/multi-user.target.wants/wicked.service',
    '/usr/lib/systemd/system/wicked.service',
  ),
]

/** What SUSE's config says of name servers, comments as they are there. */
export const NETCONFIG = `## Type:        string
## Default:     "auto"
NETCONFIG_DNS_POLICY="auto"

## Type:        string
## Default:     ""
# List of DNS nameserver IP addresses to use for host-name lookup.
NETCONFIG_DNS_STATIC_SERVERS=""
NETCONFIG_DNS_STATIC_SEARCHLIST=""
`

/** A guest with wicked whose ifcfg-eth0 has this text. */
export function wickedGuest(text: string, more: readonly GuestNode[] = []): GuestTree {
  return new GuestTree([
    guestFile(`${SUSE}/ifcfg-eth0`, text),
    guestFile(`${SUSE}/ifcfg-lo`, 'IPADDR=127.0.0.1/8\n'),
    guestFile(`${SUSE}/config`, NETCONFIG),
    link('/etc/resolv.conf', '/run/netconfig/resolv.conf'),
    ...WICKED,
    ...more,
  ])
}
