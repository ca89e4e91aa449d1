import { VmcloneError } from '../../../errors/index.ts'
import { assignmentOf, type ShellDocument, shellValue } from '../../../formats/shell-assignments.ts'
import { removeShellKeys, setShellValue } from '../../../formats/shell-assignments-edit.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { ProfileEdit } from '../../dialect.ts'
import { overridesMac } from '../../ethernet.ts'
import { type Cidr, formatNetmask } from '../../ipv4.ts'
import type { Ipv4Addressing, Ipv6Addressing, NicAddressing } from '../../model.ts'
import { RESOLV_CONF } from '../../resolv-conf.ts'
import { resolvConfChange } from '../../resolv-conf-change.ts'
import { sameIpv4, sameIpv6 } from '../../same-addressing.ts'
import { extraAddress, keptIpv6 } from '../../stale.ts'
import { addressingSummary } from '../../summary.ts'
import { textChange } from '../../text-change.ts'
import { refuseShellLogic } from '../shell-logic.ts'
import {
  addressesOf,
  CONF,
  ipv4Of,
  ipv6Of,
  isDhcp,
  ownGateway,
  readConf,
  readProfiles,
  valueAt,
  words,
} from './profiles.ts'

/** What is to be done to one interface. */
interface Place {
  readonly index: number
  /** True if no other interface is configured. */
  readonly alone: boolean
}

/** The changes that give an interface its elements of the arrays. Throws NETWORK_UNSUPPORTED. */
export function editProfile(tree: GuestTree, edit: ProfileEdit): { changes: Change[]; notices: Notice[] } {
  const { profile, addressing: want, mac, operation } = edit
  const index = Number(profile.at)
  const place = { index, alone: readProfiles(tree).length < 2 }
  const before = readConf(tree)
  const asked = Object.values(want).some((part) => part !== undefined)
  if (asked) {
    const keys = new RegExp(
      `^((IPADDRS?|NETMASK|USE_DHCP|IP6ADDRS|HWADDR|IFNAME)\\[${index}\\]|(IPADDRS?|NETMASK|USE_DHCP)|GATEWAY6?)$`,
    )
    refuseShellLogic(CONF, before, { keys, crlf: 'bash takes' })
  }
  const hardware = `HWADDR[${index}]`
  const free = overridesMac(shellValue(before, hardware), mac) ? removeShellKeys(before, [hardware]) : before
  const ipv4 = want.ipv4 ? editIpv4(free, place, want.ipv4) : free
  const next = want.ipv6 ? editIpv6(ipv4, place, want.ipv6) : ipv4
  const purpose = { operation, summary: addressingSummary(profile.name, want) }
  const dns = editNames(tree, next, index, want, operation)
  return {
    changes: [...textChange(tree, CONF, next.text, purpose), ...dns.changes],
    notices: [...dns.notices, ...(asked ? leftovers(before, place, profile.name, want) : [])],
  }
}

function editIpv4(document: ShellDocument, { index, alone }: Place, want: Ipv4Addressing): ShellDocument {
  const key = (name: string) => `${name}[${index}]`
  const set = (next: ShellDocument, name: string, value: string) =>
    setShellValue(next, key(name), value, ['IPADDR', 'IPADDRS', 'NETMASK', 'USE_DHCP'].map(key))
  const clear = (next: ShellDocument, names: readonly string[]) =>
    names.reduce((one, name) => (shellValue(one, name) ? setShellValue(one, name, '') : one), next)
  const now = ipv4Of(document, index, alone)
  const old = now?.method === 'static' ? [now] : []
  if (want.method === 'dhcp') {
    const ours = ownGateway(document, old, alone && old.length > 0) !== undefined
    const free = clear(document, [...['IPADDR', 'IPADDRS', 'NETMASK'].map(key), ...(ours ? ['GATEWAY'] : [])])
    return isDhcp(free, index) ? free : set(free, 'USE_DHCP', 'yes')
  }
  if (sameIpv4(now, want)) return document
  const fixed = clear(document, [key('USE_DHCP')])
  const [first] = addressesOf(document, index)
  const same = first?.address === want.address && first.prefix === want.prefix
  const addressed = same ? fixed : setAddress(fixed, index, want, set)
  if (want.gateway !== undefined) return setShellValue(addressed, 'GATEWAY', want.gateway)
  return ownGateway(document, [...old, want], alone) === undefined ? addressed : clear(addressed, ['GATEWAY'])
}

/** In the style that the interface has; else in that of the file: IPADDRS is there from Slackware 15 on. */
function setAddress(
  document: ShellDocument,
  index: number,
  want: Cidr,
  set: (next: ShellDocument, name: string, value: string) => ShellDocument,
): ShellDocument {
  const modern = document.assignments.some(({ key }) => key.startsWith('IPADDRS['))
  if (valueAt(document, 'IPADDR', index) === undefined && modern) {
    const [, ...others] = words(document, 'IPADDRS', index)
    return set(document, 'IPADDRS', [`${want.address}/${want.prefix}`, ...others].join(' '))
  }
  return set(set(document, 'IPADDR', want.address), 'NETMASK', formatNetmask(want.prefix))
}

function editIpv6(document: ShellDocument, { index }: Place, want: Ipv6Addressing): ShellDocument {
  if (sameIpv6(ipv6Of(document, index), want)) return document
  const key = `IP6ADDRS[${index}]`
  if (!document.assignments.some((one) => one.key.startsWith('IP6ADDRS[')))
    throw new VmcloneError(
      'NETWORK_UNSUPPORTED',
      `${CONF} has no IP6ADDRS, so its rc.inet1 sets no IPv6 address`,
      {
        hint: 'Give no --ip6.',
      },
    )
  const [, ...others] = words(document, 'IP6ADDRS', index)
  const addressed = setShellValue(document, key, [`${want.address}/${want.prefix}`, ...others].join(' '), [
    `USE_DHCP[${index}]`,
  ])
  if (want.gateway !== undefined) return setShellValue(addressed, 'GATEWAY6', want.gateway, ['GATEWAY'])
  return assignmentOf(addressed, 'GATEWAY6') && shellValue(addressed, 'GATEWAY6') !== ''
    ? setShellValue(addressed, 'GATEWAY6', '')
    : addressed
}

/** Name servers stand in /etc/resolv.conf, which the DHCP client writes unless it is told not to. */
function editNames(
  tree: GuestTree,
  document: ShellDocument,
  index: number,
  want: NicAddressing,
  operation: string,
): { changes: Change[]; notices: Notice[] } {
  if (!want.dns && !want.search) return { changes: [], notices: [] }
  const kept = valueAt(document, 'DHCP_KEEPRESOLV', index) === 'yes'
  if (!isDhcp(document, index) || kept)
    return { changes: resolvConfChange(tree, want, operation), notices: [] }
  const message = `The name servers were not set in ${RESOLV_CONF}: the DHCP client writes it.`
  return { changes: [], notices: [{ code: 'dns-managed-elsewhere', message }] }
}

function leftovers(
  document: ShellDocument,
  { index, alone }: Place,
  name: string,
  { ipv4, ipv6 }: NicAddressing,
): Notice[] {
  if (!ipv4) return []
  const now = ipv4Of(document, index, alone)
  const further =
    ipv4.method === 'static' && now?.method === 'static' ? addressesOf(document, index).slice(1) : []
  const aliases = words(document, 'IPALIASES', index)
  const own6 = ipv6Of(document, index)
  return [
    ...[...further.map(({ address, prefix }) => `${address}/${prefix}`), ...aliases].map((one) =>
      extraAddress(CONF, name, one),
    ),
    ...(own6 && !ipv6 ? [keptIpv6(CONF, name, own6)] : []),
  ]
}
