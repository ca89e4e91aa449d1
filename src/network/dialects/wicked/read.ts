import { parseIpv4, parseNetmask } from '../../ipv4.ts'
import { canonicalIpv6, parsePrefix6 } from '../../ipv6.ts'
import { ifcfgValue } from '../ifcfg/files.ts'
import type { WickedFile } from './files.ts'

/** One of the addresses that a file gives. */
export interface SuffixedAddress {
  /** What stands behind IPADDR: nothing, "_0", "_lan". */
  readonly suffix: string
  readonly family: 4 | 6
  readonly address: string
  /** Undefined where nothing that can be read tells it. */
  readonly prefix: number | undefined
}

/** Every address that can be read: the prefix behind the slash goes before PREFIXLEN, that before NETMASK. IPADDR comes first. */
export function addressesOf(file: WickedFile): SuffixedAddress[] {
  const keys = file.document.assignments.map(({ key }) => key).filter((key) => key.startsWith('IPADDR'))
  return [...new Set(keys)]
    .sort((a, b) => Number(b === 'IPADDR') - Number(a === 'IPADDR'))
    .flatMap((key): SuffixedAddress[] => {
      const suffix = key.slice('IPADDR'.length)
      const [text = '', slash] = (ifcfgValue(file, key) ?? '').split('/')
      const length = slash ?? ifcfgValue(file, `PREFIXLEN${suffix}`)
      if (parseIpv4(text) !== undefined) {
        const mask = length ?? ifcfgValue(file, `NETMASK${suffix}`)
        return [{ suffix, family: 4, address: text, prefix: parseNetmask(mask ?? '') }]
      }
      const address = canonicalIpv6(text)
      return address === undefined ? [] : [{ suffix, family: 6, address, prefix: parsePrefix6(length ?? '') }]
    })
}

/** The first address of a family. */
export function firstOf(file: WickedFile, family: 4 | 6): SuffixedAddress | undefined {
  return addressesOf(file).find((one) => one.family === family)
}

/** static, dhcp, dhcp4, dhcp6, dhcp4+autoip, none, …; static where the file says nothing. */
export function protocolOf(file: WickedFile): string {
  return (ifcfgValue(file, 'BOOTPROTO') ?? 'static').toLowerCase()
}

/** True if IPv4 comes by DHCP; static addresses are set besides. */
export function isDhcp(file: WickedFile): boolean {
  return /^dhcp4?(\+|$)/.test(protocolOf(file))
}
