import { VmcloneError } from '../../../errors/index.ts'
import { type ShellDocument, shellValue } from '../../../formats/shell-assignments.ts'
import { removeShellKeys, setShellArray, setShellValue } from '../../../formats/shell-assignments-edit.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { ProfileEdit } from '../../dialect.ts'
import { overridesMac } from '../../ethernet.ts'
import type { Ipv4Addressing, Ipv6Addressing, NicAddressing } from '../../model.ts'
import { sameIpv4, sameIpv6 } from '../../same-addressing.ts'
import { extraAddress, keptIpv6, oldValueLeft, staleAddress } from '../../stale.ts'
import { addressingSummary } from '../../summary.ts'
import { textChange } from '../../text-change.ts'
import { refuseShellLogic } from '../shell-logic.ts'
import { DIRECTORY, enabledProfiles, ipv4Of, ipv6Of, listOf, type NetctlFile } from './profiles.ts'

const EDITED = /^(Interface|Connection|IP6?|Address6?|Gateway6?|DNS|DNSSearch|DNSDomain|MACAddress)$/

/** The changes that give a profile its addressing, and take a MAC of its own out. Throws NETWORK_UNSUPPORTED. */
export function editProfile(tree: GuestTree, edit: ProfileEdit): { changes: Change[]; notices: Notice[] } {
  const { profile, addressing: want, mac, operation } = edit
  const file = enabledProfiles(tree).find((one) => one.path === profile.file)
  if (!file) throw new RangeError(`no profile in ${profile.file}`)
  const asked = Object.values(want).some((part) => part !== undefined)
  if (asked) {
    refuseShellLogic(file.path, file.document, { keys: EDITED, crlf: 'bash takes', hooks: true })
    refuseHooks(tree, profile.interfaceName ?? '')
  }
  const own = shellValue(file.document, 'MACAddress')
  const free = overridesMac(own, mac) ? removeShellKeys(file.document, ['MACAddress']) : file.document
  const ipv4 = want.ipv4 ? editIpv4(free, want.ipv4) : free
  const toDhcp = want.ipv4?.method === 'dhcp' && ipv4Of(free)?.method === 'static'
  const named = editNames(ipv4, want.dns ?? (toDhcp ? [] : undefined), want.search)
  const next = want.ipv6 ? editIpv6(named, want.ipv6) : named
  const purpose = { operation, summary: addressingSummary(profile.name, want) }
  return {
    changes: textChange(tree, file.path, next.text, purpose),
    notices: asked ? leftovers(file, want) : [],
  }
}

function editIpv4(document: ShellDocument, want: Ipv4Addressing): ShellDocument {
  const bare = (keys: string[]) => removeShellKeys(document, keys)
  if (want.method === 'dhcp') return setShellValue(bare(['Address', 'Gateway']), 'IP', 'dhcp', ['Connection'])
  if (sameIpv4(ipv4Of(document), want)) return document
  const fixed = setShellValue(document, 'IP', 'static', ['Connection'])
  const [, ...others] = shellValue(document, 'IP') === 'static' ? listOf(document, 'Address') : []
  const addressed = setShellArray(fixed, 'Address', [`${want.address}/${want.prefix}`, ...others], ['IP'])
  if (want.gateway === undefined) return removeShellKeys(addressed, ['Gateway'])
  return setShellValue(addressed, 'Gateway', want.gateway, ['Address'])
}

function editIpv6(document: ShellDocument, want: Ipv6Addressing): ShellDocument {
  if (sameIpv6(ipv6Of(document), want)) return document
  const [, ...others] = listOf(document, 'Address6')
  const fixed = setShellValue(document, 'IP6', 'static', ['IP', 'Address', 'Gateway'])
  const addressed = setShellArray(fixed, 'Address6', [`${want.address}/${want.prefix}`, ...others], ['IP6'])
  if (want.gateway === undefined) return removeShellKeys(addressed, ['Gateway6'])
  return setShellValue(addressed, 'Gateway6', want.gateway, ['Address6'])
}

function editNames(
  document: ShellDocument,
  dns: readonly string[] | undefined,
  search: readonly string[] | undefined,
): ShellDocument {
  let next = document
  if (dns?.length === 0) next = removeShellKeys(next, ['DNS'])
  else if (dns && dns.join(' ') !== listOf(next, 'DNS').join(' '))
    next = setShellArray(next, 'DNS', dns, ['Address', 'Gateway', 'IP'])
  if (!search) return next
  const bare = removeShellKeys(next, ['DNSDomain'])
  if (search.length === 0) return removeShellKeys(bare, ['DNSSearch'])
  return setShellValue(bare, 'DNSSearch', search.join(' '), ['DNS'])
}

/** Executables that netctl sources beside a profile, which may set everything anew. */
function refuseHooks(tree: GuestTree, device: string): void {
  const hook = [...tree.glob(`${DIRECTORY}/hooks/*`), ...tree.glob(`${DIRECTORY}/interfaces/${device}`)].find(
    ({ path }) => ((tree.file(path)?.mode ?? 0) & 0o111) !== 0 && !/\/\.[^/]*$|~$/.test(path),
  )
  if (!hook) return
  throw new VmcloneError(
    'NETWORK_UNSUPPORTED',
    `${hook.path} is run by netctl and may change what a profile says`,
    {
      hint: 'Take it out of the template, or its executable bit, or give no --ip.',
    },
  )
}

function leftovers(file: NetctlFile, want: NicAddressing): Notice[] {
  const { document, path, name } = file
  const now = ipv4Of(document)
  const old = now?.method === 'static' ? now : undefined
  const [, ...further] = want.ipv4?.method === 'static' && old ? listOf(document, 'Address') : []
  const own6 = ipv6Of(document)
  const lines = want.ipv4
    ? document.assignments.filter(({ key }) => /^(Routes|IPCustom|Exec\w+)$/.test(key))
    : []
  return [
    ...further.map((address) => extraAddress(path, name, address)),
    ...(own6 && want.ipv4 && !want.ipv6 ? [keptIpv6(path, name, own6)] : []),
    ...lines.flatMap(({ key, line, start, end }) => {
      const text = document.text.slice(start, end)
      const stale =
        staleAddress(text, old, want.ipv4) ??
        (key === 'Routes' && /\bdefault\b/.test(text) ? 'a default route' : undefined)
      return stale === undefined ? [] : [oldValueLeft(`${path}:${line}`, stale)]
    }),
  ]
}
