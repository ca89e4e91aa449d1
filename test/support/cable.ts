/** Address of the DHCP server that adapter number `index` finds, in a /24; there it is gateway and name server too. */
export const serverOf = (index: number): string => `198.51.${100 + index}.1`

/**
 * Bash: `cable INDEX NAME [MAC]` makes an adapter that is one end of a virtual cable. At the other end systemd-networkd, once it is
 * started, is a DHCP server and, where $router is yes, a router that advertises neither prefix nor default route. For namespaces
 * of their own, with a /run of their own.
 */
export const CABLE = `
mkdir -p /run/systemd/network
install -d -o systemd-network -g systemd-network /run/systemd/netif
cable() {
  ip link add "$2" type veth peer name "peer$1"
  [ -z "\${3:-}" ] || ip link set dev "$2" address "$3"
  cat >"/run/systemd/network/00-peer$1.network" <<TEXT
[Match]
Name=peer$1
[Network]
Address=198.51.$((100 + $1)).1/24
DHCPServer=yes
IPv6AcceptRA=no
IPv6SendRA=$router
[DHCPServer]
DNS=_server_address
[IPv6SendRA]
RouterLifetimeSec=0
EmitDNS=no
TEXT
}
`
