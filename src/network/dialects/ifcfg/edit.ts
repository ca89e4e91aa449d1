import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { ProfileEdit } from '../../dialect.ts'
import type { NicAddressing } from '../../model.ts'
import { RESOLV_CONF } from '../../resolv-conf.ts'
import { resolvConfChange } from '../../resolv-conf-change.ts'
import { addressingSummary } from '../../summary.ts'
import { textChange } from '../../text-change.ts'
import { editIpv4, editIpv6, editNames, type MaskStyle, type Pair, remove, set } from './address.ts'
import { GLOBAL, globalDocument, ifcfgValue, isNo } from './files.ts'
import { leftovers } from './leftovers.ts'
import { repin, repinHardware } from './mac.ts'
import { type ActiveFile, activeFiles } from './profiles.ts'
import { indicesOf, isDhcp } from './read.ts'
import { refuseUnsure } from './refuse.ts'

/**
 * The changes that give a profile its addressing, and every file the new MAC.
 * Throws NETWORK_UNSUPPORTED where it is not sure how the files are read.
 */
export function editProfile(tree: GuestTree, edit: ProfileEdit): { changes: Change[]; notices: Notice[] } {
  const { profile, addressing, mac, others = [], operation } = edit
  const files = activeFiles(tree)
  const file = files.find((one) => one.path === profile.file)
  if (!file) throw new RangeError(`no profile in ${profile.file}`)
  const global = globalDocument(tree)
  const asked = Object.values(addressing).some((part) => part !== undefined)
  if (asked) refuseUnsure(file, global)
  const { files: repinned, notices } = others.reduce(
    (now, other) => {
      const next = repinHardware(now.files, other)
      return { files: next.files, notices: [...now.notices, ...next.notices] }
    },
    repin(files, file, mac),
  )
  const owner = repinned.find((one) => one.path === file.path) ?? file
  const next = asked
    ? address({ file: owner, global }, addressing, maskStyle(files))
    : { file: owner, global }
  const summary = addressingSummary(profile.name, addressing)
  const resolv =
    asked && writesResolvConf(tree, next.file, addressing)
      ? resolvConfChange(tree, addressing, operation)
      : []
  return {
    changes: [
      ...repinned.flatMap((one) => {
        const { path, document } = one.path === file.path ? next.file : one
        return textChange(tree, path, document.text, { operation, summary })
      }),
      ...textChange(tree, GLOBAL, next.global.text, { operation, summary }),
      ...resolv,
    ],
    notices: [...notices, ...(asked ? leftovers(tree, file, global, addressing) : [])],
  }
}

function address(pair: Pair, want: NicAddressing, style: MaskStyle): Pair {
  const ipv4 = want.ipv4 ? editIpv4(pair, want.ipv4, style) : pair
  const toDhcp = want.ipv4?.method === 'dhcp' && !isDhcp(pair.file, pair.file.reader)
  // Servers that belong to the static address would stay beside those that DHCP tells, or, with PEERDNS=no, none be left.
  const named = editNames(
    toDhcp && !want.dns && isNo(ifcfgValue(ipv4.file, 'PEERDNS')) ? remove(ipv4, ['PEERDNS']) : ipv4,
    want.dns ?? (toDhcp ? [] : undefined),
    want.search,
  )
  const ipv6 = want.ipv6 ? editIpv6(named, want.ipv6) : named
  return isNo(ifcfgValue(ipv6.file, 'ONBOOT')) ? set(ipv6, 'ONBOOT', 'yes') : ipv6
}

/** How the guest's files write prefixes; a file of its own goes first. */
function maskStyle(files: readonly ActiveFile[]): MaskStyle {
  const masks = (key: string) =>
    files.filter((file) => indicesOf(file).some((index) => ifcfgValue(file, key + index) !== undefined))
      .length
  return masks('NETMASK') > masks('PREFIX') ? 'NETMASK' : 'PREFIX'
}

/** The scripts put DNSn into /etc/resolv.conf and leave what else is in it: it must say the same. */
function writesResolvConf(tree: GuestTree, file: ActiveFile, { dns, search }: NicAddressing): boolean {
  if (file.reader !== 'scripts' || isDhcp(file, file.reader) || !(dns || search)) return false
  return tree.entry(RESOLV_CONF)?.content !== undefined
}
