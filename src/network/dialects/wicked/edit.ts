import { removeShellKeys, setShellValue } from '../../../formats/shell-assignments-edit.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { ProfileEdit } from '../../dialect.ts'
import { overridesMac } from '../../ethernet.ts'
import type { MacChange, NicAddressing } from '../../model.ts'
import { addressingSummary } from '../../summary.ts'
import { textChange } from '../../text-change.ts'
import { ifcfgValue } from '../ifcfg/files.ts'
import { refuseShellLogic } from '../shell-logic.ts'
import { editIpv4, editIpv6 } from './address.ts'
import { editNames } from './dns.ts'
import {
  CONFIG,
  collectFiles,
  configDocument,
  deviceOf,
  ROUTES,
  routesFile,
  type WickedFile,
} from './files.ts'
import { leftovers } from './leftovers.ts'
import { candidates, ipv4Of, readProfiles } from './profiles.ts'
import { isDhcp } from './read.ts'
import { renamed } from './rename.ts'
import { editRoutes } from './route-edit.ts'

const EDITED = /^(IPADDR|PREFIXLEN|NETMASK|BROADCAST|NETWORK)|^(BOOTPROTO|STARTMODE|LLADDR)$/

/** The changes that give a profile its addressing and its MAC. Throws NETWORK_UNSUPPORTED where it is not sure what is read. */
export function editProfile(tree: GuestTree, edit: ProfileEdit): { changes: Change[]; notices: Notice[] } {
  const { profile, addressing, mac, operation } = edit
  const files = candidates(tree)
  const file = files.find((one) => one.path === profile.file)
  if (!file) throw new RangeError(`no profile in ${profile.file}`)
  const asked = Object.values(addressing).some((part) => part !== undefined)
  const crlf = 'the guest takes'
  if (asked) {
    refuseShellLogic(file.path, file.document, { keys: EDITED, reader: 'wicked', crlf })
    refuseShellLogic(CONFIG, configDocument(tree), { keys: /^NETCONFIG_DNS_STATIC/ })
  }
  const free = freed(file, mac)
  const purpose = { operation, summary: addressingSummary(profile.name, addressing) }
  const next = asked ? address(free, addressing) : free
  const routes = asked ? editRoutes(tree, file, files, addressing) : undefined
  const names = editNames(tree, asked ? namesFor(tree, file, addressing) : {}, purpose)
  const made = { labelLike: file.path, labelType: 'net_conf_t' }
  const ports = collectFiles(tree).filter((one) => profile.ports?.includes(deviceOf(one) ?? ''))
  const changes = [
    ...ports.flatMap((one) => textChange(tree, one.path, freed(one, mac).document.text, purpose)),
    ...textChange(tree, file.path, next.document.text, purpose),
    ...(routes?.own === undefined ? [] : textChange(tree, routesFile(file), routes.own, purpose, made)),
    ...(routes ? textChange(tree, ROUTES, routes.shared, purpose) : []),
    ...names.changes,
  ]
  const moved = renamed(tree.with(changes), file, mac, purpose)
  return {
    changes: [...changes, ...moved.changes],
    notices: [...moved.notices, ...names.notices, ...(asked ? leftovers(tree, file, files, addressing) : [])],
  }
}

/** LLADDR= outdoes the adapter's address. */
function freed(file: WickedFile, mac: MacChange): WickedFile {
  if (!overridesMac(ifcfgValue(file, 'LLADDR'), mac)) return file
  return { ...file, document: removeShellKeys(file.document, ['LLADDR']) }
}

function address(file: WickedFile, want: NicAddressing): WickedFile {
  const ipv4 = want.ipv4 ? editIpv4(file, want.ipv4) : file
  const ipv6 = want.ipv6 ? editIpv6(ipv4, want.ipv6) : ipv4
  return /^(off|manual)$/i.test(ifcfgValue(ipv6, 'STARTMODE') ?? '')
    ? { ...ipv6, document: setShellValue(ipv6.document, 'STARTMODE', 'auto') }
    : ipv6
}

/** Servers that belong to the static address would stay beside those that DHCP tells, unless another interface needs them. */
function namesFor(tree: GuestTree, file: WickedFile, want: NicAddressing): NicAddressing {
  const files = candidates(tree)
  const toDhcp = want.ipv4?.method === 'dhcp' && !isDhcp(file) && ipv4Of(tree, file, files) !== undefined
  const others = readProfiles(tree).some((one) => one.file !== file.path && one.now.ipv4?.method === 'static')
  return toDhcp && !want.dns && !others ? { ...want, dns: [] } : want
}
