const OTHERS = /^(lo$|wl|ww|sl|ippp|ppp|tun|tap|veth|docker|virbr|vnet|dummy|wg|ib|can|sit|isdn|usb)/

/** True for an interface name that may be an ethernet card's, or a bond's, bridge's or VLAN's above one; false for patterns. */
export function isEthernetName(name: string): boolean {
  return name !== '' && !OTHERS.test(name) && !/[*?[/:\s]/.test(name)
}

/** Lower case with colons; undefined for what is no MAC address. */
export function canonicalMac(text: string | undefined): string | undefined {
  const mac = text?.trim().toLowerCase().replaceAll('-', ':') ?? ''
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac) ? mac : undefined
}

/**
 * True for an address that the configuration gives an interface over the adapter's own and that a clone must not keep:
 * any but the one it is to have, if its address changes at all.
 */
export function overridesMac(
  written: string | undefined,
  mac: { readonly from: readonly string[]; readonly to?: string },
): boolean {
  const own = canonicalMac(written)
  return own !== undefined && own !== mac.to && mac.from.some((old) => old !== mac.to)
}
