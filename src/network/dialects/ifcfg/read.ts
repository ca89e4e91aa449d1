import type { ShellDocument } from '../../../formats/shell-assignments.ts'
import { type Cidr, inSubnet, parseIpv4, parseNetmask } from '../../ipv4.ts'
import { canonicalIpv6, parsePrefix6 } from '../../ipv6.ts'
import type { Ipv4Addressing, Ipv6Addressing } from '../../model.ts'
import { type IfcfgFile, ifcfgValue, isNo, isYes, type Reader } from './files.ts'

/** An index of IPADDR, IPADDR0, IPADDR1, …: "" or digits. */
export type Index = string

/** One of the addresses that a file gives. */
export interface IndexedAddress extends Cidr {
  readonly index: Index
}

/** True if the address comes by DHCP. NetworkManager takes the word in any case, the scripts only in small letters. */
export function isDhcp(file: IfcfgFile, reader: Reader): boolean {
  const protocol = ifcfgValue(file, 'BOOTPROTO') ?? ''
  return /^(dhcp|bootp)$/.test(reader === 'scripts' ? protocol : protocol.toLowerCase())
}

/** Indices in the order in which they are read: those up to 1 may be absent, then the first gap ends the list. */
export function indicesOf(file: IfcfgFile): Index[] {
  const found = ['', '0', '1'].filter((index) => ifcfgValue(file, `IPADDR${index}`) !== undefined)
  for (let i = 2; ifcfgValue(file, `IPADDR${i}`) !== undefined; i++) found.push(String(i))
  return found
}

/** Every address with its prefix: PREFIXn outdoes NETMASKn; without both the address class decides. */
export function addressesOf(file: IfcfgFile): IndexedAddress[] {
  return indicesOf(file).flatMap((index) => {
    const address = ifcfgValue(file, `IPADDR${index}`) as string
    const number = parseIpv4(address)
    const mask = ifcfgValue(file, `PREFIX${index}`) ?? ifcfgValue(file, `NETMASK${index}`)
    const prefix =
      number === undefined ? undefined : mask === undefined ? classPrefix(number >>> 24) : parseNetmask(mask)
    return prefix === undefined ? [] : [{ index, address, prefix }]
  })
}

function classPrefix(first: number): number | undefined {
  if (first < 128) return 8
  if (first < 192) return 16
  return first < 224 ? 24 : undefined
}

/** Keys of the file's own gateways: GATEWAY, or GATEWAYn. */
export function gatewayKeys({ document }: IfcfgFile): string[] {
  const keys = document.assignments.map(({ key }) => key).filter((key) => /^GATEWAY\d*$/.test(key))
  return [...new Set(keys)].sort()
}

/** IPv4 as the reader takes it; undefined where there is none, or what is there cannot be read. */
export function ipv4Of(file: IfcfgFile, reader: Reader, global: ShellDocument): Ipv4Addressing | undefined {
  if (isDhcp(file, reader)) return { method: 'dhcp' }
  const [first] = addressesOf(file)
  const known = /^(none|static|)$/i.test(ifcfgValue(file, 'BOOTPROTO') ?? '')
  if (!first || (reader === 'NetworkManager' && !known)) return undefined
  const { address, prefix } = first
  const gateway = isNo(ifcfgValue(file, 'DEFROUTE'))
    ? undefined
    : (ownGateway(file, first.index) ?? sharedGateway(first, file, global))
  return { method: 'static', address, prefix, ...(gateway === undefined ? {} : { gateway }) }
}

function ownGateway(file: IfcfgFile, index: Index): string | undefined {
  const keys = ['GATEWAY', `GATEWAY${index}`, ...gatewayKeys(file)]
  return keys.map((key) => ifcfgValue(file, key)).find((value) => value !== undefined)
}

/** The gateway in /etc/sysconfig/network, if it can be reached by this address and is not another device's. */
export function sharedGateway(cidr: Cidr, file: IfcfgFile, document: ShellDocument): string | undefined {
  const gateway = ifcfgValue({ document }, 'GATEWAY')
  const device = ifcfgValue({ document }, 'GATEWAYDEV')
  if (gateway === undefined || parseIpv4(gateway) === undefined || !inSubnet(gateway, cidr)) return undefined
  return device === undefined || device === (ifcfgValue(file, 'DEVICE') ?? file.suffix) ? gateway : undefined
}

/** A static IPv6 address; undefined for every other way. */
export function ipv6Of(file: IfcfgFile, document: ShellDocument): Ipv6Addressing | undefined {
  if (!isYes(ifcfgValue(file, 'IPV6INIT'))) return undefined
  const [text = '', length = '64'] = (ifcfgValue(file, 'IPV6ADDR') ?? '').split('/')
  const address = canonicalIpv6(text)
  const prefix = parsePrefix6(length)
  if (address === undefined || prefix === undefined) return undefined
  const route = ifcfgValue(file, 'IPV6_DEFAULTGW') ?? ifcfgValue({ document }, 'IPV6_DEFAULTGW')
  const bare = route?.split('%')[0]
  const gateway = bare === undefined ? undefined : canonicalIpv6(bare)
  return { address, prefix, ...(gateway === undefined ? {} : { gateway }) }
}

/** DNS1, DNS2, … up to the first gap. */
export function dnsOf(file: IfcfgFile): string[] {
  const found: string[] = []
  for (let i = 1; ; i++) {
    const server = ifcfgValue(file, `DNS${i}`)
    if (server === undefined) return found
    found.push(server)
  }
}

/** The search domains in DOMAIN. */
export function searchOf(file: IfcfgFile): string[] {
  return (ifcfgValue(file, 'DOMAIN') ?? '').split(/[\s,]+/).filter(Boolean)
}
