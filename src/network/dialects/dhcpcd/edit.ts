import { VmcloneError } from '../../../errors/index.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { ProfileEdit } from '../../dialect.ts'
import type { Ipv4Addressing, NicAddressing, Profile } from '../../model.ts'
import { resolvConfChange } from '../../resolv-conf-change.ts'
import { sameIpv4 } from '../../same-addressing.ts'
import { keptIpv6, oldValueLeft, staleAddress } from '../../stale.ts'
import { addressingSummary } from '../../summary.ts'
import { textChange } from '../../text-change.ts'
import {
  type DhcpcdDocument,
  optionsOf,
  ownOption,
  printDhcpcd,
  removeOptions,
  setOption,
} from './document.ts'
import { addressOf, CONF, ipv4Of, leavesResolvConf, readConf } from './profiles.ts'

const STATIC = ['ip_address', 'subnet_mask', 'broadcast_address', 'routers'].map((key) => `static ${key}`)
const SERVERS = 'static domain_name_servers'
const SEARCH = ['static domain_search', 'static domain_name']
const MADE = { labelLike: '/etc/hosts', labelType: 'etc_t' }

/** The changes that give an interface its block. dhcpcd knows no MAC addresses. Throws NETWORK_UNSUPPORTED. */
export function editProfile(tree: GuestTree, edit: ProfileEdit): { changes: Change[]; notices: Notice[] } {
  const { profile, addressing: want, operation } = edit
  if (!Object.values(want).some((part) => part !== undefined)) return { changes: [], notices: [] }
  const before = readConf(tree)
  const { name } = profile
  const toDhcp = want.ipv4?.method === 'dhcp' && ipv4Of(before, name)?.method === 'static'
  refuseUnsure(before, profile, want)
  const ipv4 = want.ipv4 ? editIpv4(before, name, want.ipv4) : before
  const byHand = leavesResolvConf(before, name)
  const named = byHand ? ipv4 : editNames(ipv4, name, want.dns ?? (toDhcp ? [] : undefined), want.search)
  const ipv6 = want.ipv6 ? editIpv6(named, name, want.ipv6) : named
  const resolv = byHand && want.ipv4?.method !== 'dhcp' ? resolvConfChange(tree, want, operation) : []
  const purpose = { operation, summary: addressingSummary(name, want) }
  return {
    changes: [...textChange(tree, CONF, printDhcpcd(ipv6), purpose, MADE), ...resolv],
    notices: leftovers(before, name, want, profile),
  }
}

function editIpv4(document: DhcpcdDocument, name: string, want: Ipv4Addressing): DhcpcdDocument {
  const now = ipv4Of(document, name)
  if (want.method === 'dhcp') return removeOptions(document, name, STATIC)
  if (sameIpv4(now, want)) return document
  const old = addressOf(document, name)
  const same = old?.address === want.address && old.prefix === want.prefix
  const clean = same
    ? document
    : removeOptions(document, name, ['static subnet_mask', 'static broadcast_address'])
  const addressed = same
    ? clean
    : setOption(clean, name, 'static ip_address', `${want.address}/${want.prefix}`, [])
  if (want.gateway === undefined) return removeOptions(addressed, name, ['static routers'])
  const routed = removeOptions(addressed, name, ['nogateway'])
  return setOption(routed, name, 'static routers', want.gateway, STATIC)
}

function editNames(
  document: DhcpcdDocument,
  name: string,
  dns: readonly string[] | undefined,
  search: readonly string[] | undefined,
): DhcpcdDocument {
  let next = document
  if (dns?.length === 0) next = removeOptions(next, name, [SERVERS])
  else if (dns) next = setOption(next, name, SERVERS, dns.join(' '), STATIC)
  if (!search) return next
  const bare = removeOptions(next, name, search.length === 0 ? SEARCH : ['static domain_name'])
  return search.length === 0
    ? bare
    : setOption(bare, name, 'static domain_search', search.join(' '), [...STATIC, SERVERS])
}

function editIpv6(
  document: DhcpcdDocument,
  name: string,
  want: NonNullable<NicAddressing['ipv6']>,
): DhcpcdDocument {
  return setOption(document, name, 'static ip6_address', `${want.address}/${want.prefix}`, [
    ...STATIC,
    SERVERS,
  ])
}

function refuseUnsure(document: DhcpcdDocument, { name, shared }: Profile, want: NicAddressing): void {
  const refuse = (message: string, hint: string, index?: number): never => {
    const place = index === undefined ? {} : { position: { file: CONF, line: index + 1 } }
    const at = index === undefined ? CONF : `${CONF}:${index + 1}`
    throw new VmcloneError('NETWORK_UNSUPPORTED', `${at}: ${message}`, { hint, ...place })
  }
  const returned = document.lines.findIndex(({ end }) => end === '\r\n')
  if (returned >= 0)
    refuse(
      'lines end in CRLF, which dhcpcd takes for a part of each value',
      'Save the file with LF in the template, or give no --ip.',
      returned,
    )
  if (shared && (want.ipv4?.method === 'static' || want.dns || want.search || want.ipv6))
    refuse(
      'nothing tells the name of the interface',
      'Write a line "interface NAME" at the end of the file in the template.',
    )
  if (want.ipv6?.gateway !== undefined)
    refuse('dhcpcd takes an IPv6 gateway from router advertisements only', 'Give no --gateway6.')
  for (const { block, key, index } of optionsOf(document)) {
    if (block !== '' && block !== `interface ${name}`) continue
    if (/^inform6?$/.test(key))
      refuse(
        `"${key}" asks a DHCP server about the address while the guest boots`,
        `Write "static ip_address=" in its place in the template.`,
        index,
      )
    if (key === 'noipv4' && want.ipv4)
      refuse('"noipv4" switches IPv4 off', 'Take it out of the template.', index)
    if (block === '' && (STATIC.includes(key) || (key === 'nogateway' && gatewayOf(want) !== undefined)))
      refuse(`"${key}" is for all interfaces`, `Move it below "interface ${name}" in the template.`, index)
  }
  const arping = optionsOf(document).find(({ block }) => block.startsWith('arping '))
  if (arping)
    refuse(
      '"arping" chooses the configuration while the guest boots',
      'Take it out of the template.',
      arping.index,
    )
}

function gatewayOf({ ipv4 }: NicAddressing): string | undefined {
  return ipv4?.method === 'static' ? ipv4.gateway : undefined
}

/** Profiles to fall back to, and further lines of the block, that have addresses of the old subnet. */
function leftovers(
  document: DhcpcdDocument,
  name: string,
  { ipv4, ipv6 }: NicAddressing,
  { now }: Profile,
): Notice[] {
  const now4 = ipv4Of(document, name)
  const old = now4?.method === 'static' ? now4 : undefined
  const fallback = ownOption(document, name, 'fallback')?.value
  if (!ipv4) return []
  const left = optionsOf(document).flatMap(({ block, key, value, index }) => {
    const own = block === `interface ${name}` && !STATIC.includes(key) && key !== SERVERS
    const stale = own ? staleAddress(value, old, ipv4) : undefined
    const address = block === `profile ${fallback}` && key === 'static ip_address' ? value : stale
    return address === undefined ? [] : [oldValueLeft(`${CONF}:${index + 1}`, address)]
  })
  return [...left, ...(now.ipv6 && !ipv6 ? [keptIpv6(CONF, name, now.ipv6)] : [])]
}
