/** IPv4 as a clone is to have it. Addresses are dotted quads. */
export type Ipv4Addressing =
  | { readonly method: 'dhcp' }
  | {
      readonly method: 'static'
      readonly address: string
      /** 1 to 32. */
      readonly prefix: number
      /** Absent: no default route by this NIC. */
      readonly gateway?: string
    }

/** IPv6 as a clone is to have it, RFC 5952 text. */
export interface Ipv6Addressing {
  readonly address: string
  readonly prefix: number
  readonly gateway?: string
}

/** What one NIC is to become; an absent part stays as it is in the guest, to the byte. */
export interface NicAddressing {
  readonly ipv4?: Ipv4Addressing
  readonly ipv6?: Ipv6Addressing
  readonly dns?: readonly string[]
  readonly search?: readonly string[]
}

/** What the user asks of one NIC's addressing, its syntax checked. Everything absent is left to its default (CLI.md). */
export interface AddressingRequest {
  /** Dotted quad. */
  readonly ip?: string
  readonly prefix?: number
  readonly gateway?: 'none' | (string & {})
  readonly dns?: readonly string[]
  readonly search?: readonly string[]
  readonly ip6?: { readonly address: string; readonly prefix: number }
  readonly gateway6?: string
  readonly dhcp?: boolean
}

/** MAC addresses are lower case with colons everywhere in the model. */
export interface MacChange {
  /** Addresses the NIC had before, in any of its .vmx keys, and the one by which the guest still looks for it. */
  readonly from: readonly string[]
  /** The new address; absent where VMware will make one at power-on: pins are then taken out. */
  readonly to?: string
}

/** One configured ethernet profile of a guest, as its dialect reads it. */
export interface Profile {
  /** Name of the dialect. */
  readonly dialect: string
  /** What the user may call it by --profile: interface or connection name. */
  readonly name: string
  /** Interface name, if the profile fixes it. */
  readonly interfaceName?: string
  /** MAC that the profile names, or that the guest ties its interface's name to. */
  readonly mac?: string
  /** Physical interfaces below a bridge, bond or VLAN that carries the address. */
  readonly ports?: readonly string[]
  /**
   * True if it serves every NIC that has no profile of its own: an edit makes a profile for one NIC beside it, so that it
   * may be chosen for several.
   */
  readonly shared?: boolean
  /** File that holds it, and where in it (a stanza's number, a node's path), for the dialect's own use. */
  readonly file: string
  readonly at?: number | string
  /** What is in force now. */
  readonly now: NicAddressing
  /** True if the default route goes by it now (a gateway of its own, or DHCP). */
  readonly defaultRoute: boolean
}

/** Why a dialect is in force. */
export interface Evidence {
  readonly dialect: string
  /** One phrase, such as "/etc/network/interfaces and networking.service enabled". */
  readonly because: string
}

/** The guest's network, neutral of its dialect. Made by a dialect from the tree that was read. */
export interface GuestNetwork {
  readonly evidence: Evidence
  readonly profiles: readonly Profile[]
  /** Other managers that are in force too: addressing is refused then. */
  readonly rivals?: readonly Evidence[]
}

/** One of this host's virtual networks, as far as its files tell. */
export interface Vmnet {
  /** "vmnet8". */
  readonly name: string
  readonly mode: 'bridged' | 'nat' | 'hostonly'
  readonly subnet?: { readonly address: string; readonly prefix: number }
  readonly gateway?: string
  readonly dns?: readonly string[]
  /** The host's own address in it. */
  readonly hostAddress?: string
  readonly dhcpRange?: { readonly first: string; readonly last: string }
  /** Addresses reserved for MACs in the DHCP server's configuration. */
  readonly reservations: readonly { readonly mac: string; readonly address: string }[]
}
