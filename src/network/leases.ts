import type { ByteText } from '../formats/bytes.ts'
import type { GuestRead, GuestTree } from '../guest/tree.ts'
import { dhcpMessage } from './dhcp-message.ts'
import { parseIpv4, parseNetmask } from './ipv4.ts'

export const LEASE_READS: readonly GuestRead[] = [
  '/var/lib/dhcp/*.leases',
  '/var/lib/dhclient/*.lease*',
  '/var/lib/NetworkManager/*.lease',
  '/var/lib/dhcpcd/*.lease',
  '/var/lib/dhcpcd5/*.lease',
  '/var/db/dhcpcd/*.lease',
  '/var/db/dhcpcd-*.lease',
]

/** The last lease that a DHCP client of the guest wrote down. Addresses are dotted quads. */
export interface Lease {
  readonly interfaceName?: string
  readonly address: string
  readonly prefix?: number
  readonly router?: string
  readonly dns: readonly string[]
  readonly search: readonly string[]
}

/** The last lease of an interface; of any, if none names it. Undefined if the guest has none. */
export function lastLease(tree: GuestTree, interfaceName?: string): Lease | undefined {
  const leases = tree.recall(readLeases)
  const own = leases.filter((lease) => lease.interfaceName === interfaceName)
  if (own.length > 0) return own.at(-1)
  return new Set(leases.map((lease) => lease.interfaceName)).size === 1 ? leases.at(-1) : undefined
}

function readLeases(tree: GuestTree): readonly Lease[] {
  return LEASE_READS.flatMap((read) => tree.glob(typeof read === 'string' ? read : read.path)).flatMap(
    ({ path }) => {
      const text = tree.text(path) ?? ''
      if (path.includes('/dhcpcd')) return dhcpcdLease(text, leasedInterface(path))
      const named = /-([A-Za-z0-9_.]+)\.leases?$/.exec(path)?.[1]
      return /^[ \t]*lease[ \t]*\{/m.test(text) ? dhclientLeases(text) : internalLease(text, named)
    },
  )
}

/** dhclient.leases(5): blocks in the order in which they were got; the last one counts. */
function dhclientLeases(text: string): Lease[] {
  return [...text.matchAll(/^[ \t]*lease[ \t]*\{([^{}]*)\}/gm)].flatMap(([, body = '']) => {
    const statements = new Map<string, string>()
    for (const [, key = '', value = ''] of body.matchAll(/^[ \t]*(option[ \t]+\S+|\S+)[ \t]+([^;\n]*);/gm))
      statements.set(key.replace(/\s+/g, ' '), value)
    return lease({
      interfaceName: unquoted(statements.get('interface'))[0],
      address: statements.get('fixed-address'),
      netmask: statements.get('option subnet-mask'),
      routers: statements.get('option routers')?.split(/[\s,]+/),
      dns: statements.get('option domain-name-servers')?.split(/[\s,]+/),
      search: unquoted(statements.get('option domain-search') ?? statements.get('option domain-name')),
    })
  })
}

/** The leases of NetworkManager's internal client and of systemd-networkd: KEY=value lines. */
function internalLease(text: string, interfaceName: string | undefined): Lease[] {
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1]?.trim()
  return lease({
    interfaceName,
    address: value('ADDRESS'),
    netmask: value('NETMASK'),
    routers: value('ROUTER')?.split(/\s+/),
    dns: value('DNS')?.split(/\s+/),
    search: (value('DOMAIN_SEARCH_LIST') ?? value('DOMAINNAME') ?? '').split(/\s+/),
  })
}

/** The interface that a lease of dhcpcd is of: dhcpcd-eth0.lease to version 7, eth0.lease from 8 on; wlan0-SSID.lease is none's. */
export function leasedInterface(path: string): string | undefined {
  return /\/(?:dhcpcd-)?([A-Za-z][A-Za-z0-9_.]*)\.lease6?$/.exec(path)?.[1]
}

/** dhcpcd keeps the server's last message as it came. */
function dhcpcdLease(text: ByteText, interfaceName: string | undefined): Lease[] {
  const message = dhcpMessage(text)
  if (!message) return []
  return lease({
    interfaceName,
    address: message.address,
    netmask: message.addresses(1)[0],
    routers: message.addresses(3),
    dns: message.addresses(6),
    search: message.text(15).split(/\s+/),
  })
}

function lease(raw: {
  interfaceName: string | undefined
  address: string | undefined
  netmask: string | undefined
  routers: string[] | undefined
  dns: string[] | undefined
  search: string[]
}): Lease[] {
  const address = raw.address?.trim()
  if (address === undefined || parseIpv4(address) === undefined) return []
  const prefix = parseNetmask(raw.netmask?.trim() ?? '')
  const router = raw.routers?.find((one) => parseIpv4(one) !== undefined)
  return [
    {
      address,
      dns: (raw.dns ?? []).filter((one) => parseIpv4(one) !== undefined),
      search: raw.search.filter((one) => /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(one)),
      ...(raw.interfaceName === undefined ? {} : { interfaceName: raw.interfaceName }),
      ...(prefix === undefined ? {} : { prefix }),
      ...(router === undefined ? {} : { router }),
    },
  ]
}

/** The strings in a list like `"a", "b c"`; words without quotes count too. */
function unquoted(text = ''): string[] {
  return text.split(/[\s,"]+/).filter((word) => word !== '')
}
