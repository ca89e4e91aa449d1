import { removeShellKeys, setShellValue } from '../../../formats/shell-assignments-edit.ts'
import { type Cidr, formatNetmask } from '../../ipv4.ts'
import type { Ipv4Addressing, Ipv6Addressing } from '../../model.ts'
import { ifcfgValue } from '../ifcfg/files.ts'
import type { WickedFile } from './files.ts'
import { addressesOf, firstOf, isDhcp, protocolOf } from './read.ts'

const AFTER = ['BOOTPROTO', 'IPADDR', 'PREFIXLEN', 'NETMASK']

/** Gives a file its IPv4 address; what it has stays as it is written. Routes stand elsewhere. */
export function editIpv4(file: WickedFile, want: Ipv4Addressing): WickedFile {
  const [first, ...others] = addressesOf(file).filter(({ family }) => family === 4)
  if (want.method === 'dhcp') {
    const old = [...(first ? [first] : []), ...others].map(({ suffix }) => suffix)
    const empty = ['', ...old].filter((suffix) => firstOf(file, 6)?.suffix !== suffix)
    const gone = empty.flatMap((suffix) =>
      ['IPADDR', 'PREFIXLEN', 'NETMASK', 'BROADCAST', 'NETWORK', 'LABEL'].map((key) => key + suffix),
    )
    const freed = remove(file, old.length === 0 && isDhcp(file) ? [] : gone)
    return isDhcp(freed)
      ? freed
      : set(freed, 'BOOTPROTO', firstOf(freed, 6) ? 'dhcp4' : 'dhcp', ['STARTMODE'])
  }
  const fixed = /^(static|dhcp6)$/.test(protocolOf(file))
    ? file
    : set(file, 'BOOTPROTO', 'static', ['STARTMODE'])
  if (first?.address === want.address && first.prefix === want.prefix) return fixed
  return setAddress(fixed, first?.suffix ?? freeSuffix(file), want)
}

/** A stale BROADCAST is used as it is, and goes; an empty one is the same as none. */
function setAddress(file: WickedFile, suffix: string, want: Cidr): WickedFile {
  const [address, length, netmask] = ['IPADDR', 'PREFIXLEN', 'NETMASK'].map((key) => key + suffix) as [
    string,
    string,
    string,
  ]
  const stale = ['BROADCAST', 'NETWORK'].flatMap((key) => [...new Set([key, key + suffix])])
  const clean = remove(
    file,
    stale.filter((key) => ifcfgValue(file, key) !== undefined),
  )
  const slash = ifcfgValue(file, address)?.includes('/') === true
  const shown = slash ? undefined : [length, netmask].find((key) => ifcfgValue(file, key) !== undefined)
  if (shown === undefined)
    return remove(
      set(clean, address, `${want.address}/${want.prefix}`, AFTER),
      [length, netmask].filter((key) => ifcfgValue(file, key) !== undefined),
    )
  const mask = shown === netmask ? formatNetmask(want.prefix) : String(want.prefix)
  const masked = set(set(clean, address, want.address), shown, mask)
  return shown === length
    ? remove(
        masked,
        [netmask].filter((key) => ifcfgValue(file, key) !== undefined),
      )
    : masked
}

/** Gives a file a static IPv6 address. */
export function editIpv6(file: WickedFile, want: Ipv6Addressing): WickedFile {
  const first = firstOf(file, 6)
  if (first?.address === want.address && first.prefix === want.prefix) return file
  const suffix = first?.suffix ?? freeSuffix(file)
  const text = `${want.address}/${want.prefix}`
  const addressed = set(file, `IPADDR${suffix}`, text, ['IPADDR', 'PREFIXLEN', 'NETMASK', 'BOOTPROTO'])
  return remove(addressed, [`PREFIXLEN${suffix}`])
}

/** A suffix whose IPADDR says nothing. */
function freeSuffix(file: WickedFile): string {
  const taken = (suffix: string) => ifcfgValue(file, `IPADDR${suffix}`) !== undefined
  if (!taken('')) return ''
  let number = 0
  while (taken(`_${number}`)) number++
  return `_${number}`
}

function set(file: WickedFile, key: string, value: string, after: readonly string[] = []): WickedFile {
  return { ...file, document: setShellValue(file.document, key, value, after) }
}

function remove(file: WickedFile, keys: readonly string[]): WickedFile {
  return { ...file, document: removeShellKeys(file.document, keys) }
}
