import { VmcloneError } from '../../../errors/index.ts'
import { iniEntries, KEY_FILE, parseIni, printIni } from '../../../formats/ini-document.ts'
import { addSection, replaceEntries } from '../../../formats/ini-edit.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { ProfileEdit } from '../../dialect.ts'
import { canonicalMac } from '../../ethernet.ts'
import type { Ipv4Addressing, Ipv6Addressing, MacChange, NicAddressing } from '../../model.ts'
import { sameIpv4, sameIpv6 } from '../../same-addressing.ts'
import { keptIpv6 } from '../../stale.ts'
import { addressingSummary } from '../../summary.ts'
import { textChange } from '../../text-change.ts'
import { setValue } from '../keyfile/document.ts'
import {
  DIRECTORY,
  freeNumber,
  isUnbound,
  keptSection,
  MAIN,
  provisioned,
  provisionedAddressing,
  remembered,
  type Service,
  serviceValue,
} from './profiles.ts'

const MADE = { mode: 0o600, labelLike: `${DIRECTORY}/settings`, labelType: 'NetworkManager_var_lib_t' }
/** The last address, and the DUID, which is made of the MAC. */
const LEASED = /^\s*(?:IPv4\.DHCP\.LastAddress|IPv6\.DHCP\.DUID)\s*=.*(?:\n|$)/gm

/**
 * The changes that give a service its addressing: in its provisioning file, or in a new one for this NIC, which goes before
 * what ConnMan keeps of a user's settings; these go away with it, or move to the new MAC. What is kept for the old MAC beside a
 * provisioning file goes away too: ConnMan makes its like for the new one. Throws NETWORK_UNSUPPORTED.
 */
export function editProfile(tree: GuestTree, edit: ProfileEdit): { changes: Change[]; notices: Notice[] } {
  const { profile, addressing: want, mac, operation } = edit
  const asked = Object.values(want).some((part) => part !== undefined)
  if (asked) refuseOtherRoot(tree)
  const purpose = { operation, summary: addressingSummary(profile.name, want) }
  const service = provisioned(tree).find((one) => one.path === profile.file && one.section === profile.at)
  const kept = remembered(tree).find((one) => one.path === profile.file)
  if (service) {
    const pinned = repin(service, mac)
    const next = asked ? address(pinned, want) : pinned
    const changes = textChange(tree, service.path, printIni(next.document), purpose)
    const several = asked && want.ipv4?.method === 'static' && isUnbound(profile)
    return {
      changes: [...changes, ...forgotten(tree, mac, purpose)],
      notices: [
        ...(several ? [notSingle(service)] : []),
        ...keptSix(service.path, profile.name, profile.now, want),
      ],
    }
  }
  const made =
    asked && needsFile(profile.now, want) ? newFile(tree, kept, profile.now, want, mac, purpose) : undefined
  if (!kept) return { changes: made ?? [], notices: [] }
  if (made)
    return {
      changes: [...made, gone(kept, purpose)],
      notices: keptSix(kept.path, profile.name, profile.now, want),
    }
  return moved(tree, kept, mac, purpose)
}

function needsFile(now: NicAddressing, want: NicAddressing): boolean {
  const same4 = !want.ipv4 || sameIpv4(now.ipv4, want.ipv4)
  const same6 = !want.ipv6 || sameIpv6(now.ipv6, want.ipv6)
  const same = (a: readonly string[] = [], b?: readonly string[]) => !b || a.join(' ') === b.join(' ')
  return !(same4 && same6 && same(now.dns, want.dns) && same(now.search, want.search))
}

/** A provisioning file that says what was in force, and then what is wanted. */
function newFile(
  tree: GuestTree,
  kept: Service | undefined,
  now: NicAddressing,
  want: NicAddressing,
  mac: MacChange,
  purpose: { readonly operation: string; readonly summary: string },
): Change[] {
  const name = `vmclone${freeNumber(tree)}`
  const section = `service_${name}`
  const bound =
    mac.to ??
    (kept && mac.from.length === 0
      ? canonicalMac(kept.section.slice(9, 21).replace(/..(?!$)/g, '$&:'))
      : undefined)
  const document = addSection(parseIni('', KEY_FILE), section, [
    ['Type', 'ethernet'],
    ...(bound === undefined ? [] : [['MAC', bound.toUpperCase()] as const]),
  ])
  const toDhcp = want.ipv4?.method === 'dhcp' && now.ipv4?.method === 'static'
  const before = toDhcp ? { ...now, dns: [], ipv4: want.ipv4 } : now
  const path = `${DIRECTORY}/${name}.config`
  const first = address({ path, section, document }, before)
  return textChange(tree, path, printIni(address(first, want).document), purpose, MADE)
}

function address(service: Service, want: NicAddressing): Service {
  const now = provisionedAddressing(service)
  let next = service
  if (want.ipv4 && !(sameIpv4(now.ipv4, want.ipv4) && serviceValue(service, 'IPv4') !== undefined))
    next = set(next, 'IPv4', ipv4Text(want.ipv4), ['Type', 'MAC', 'DeviceName'])
  if (want.ipv6 && !sameIpv6(now.ipv6, want.ipv6))
    next = set(next, 'IPv6', ipv6Text(want.ipv6), ['IPv4', 'Type'])
  const toDhcp = want.ipv4?.method === 'dhcp' && now.ipv4?.method === 'static'
  const dns = want.dns ?? (toDhcp ? [] : undefined)
  if (dns && dns.join(' ') !== (now.dns ?? []).join(' '))
    next = set(next, 'Nameservers', dns.join(',') || undefined, ['IPv4', 'IPv6'])
  if (want.search && want.search.join(' ') !== (now.search ?? []).join(' '))
    next = set(next, 'SearchDomains', want.search.join(',') || undefined, ['Nameservers', 'IPv4'])
  return next
}

function ipv4Text(want: Ipv4Addressing): string {
  if (want.method === 'dhcp') return 'dhcp'
  return [want.address, want.prefix, ...(want.gateway === undefined ? [] : [want.gateway])].join('/')
}

function ipv6Text({ address: text, prefix, gateway }: Ipv6Addressing): string {
  return [text, prefix, ...(gateway === undefined ? [] : [gateway])].join('/')
}

function repin(service: Service, { from, to }: MacChange): Service {
  const own = canonicalMac(serviceValue(service, 'MAC'))
  if (own === undefined || own === to || !from.includes(own)) return service
  const written = serviceValue(service, 'MAC') ?? ''
  return set(service, 'MAC', /[a-f]/.test(written) ? to : to?.toUpperCase(), [])
}

/** What is kept for MACs that the NIC had and has no more. */
function forgotten(
  tree: GuestTree,
  { from, to }: MacChange,
  purpose: { readonly operation: string; readonly summary: string },
): Change[] {
  if (to === undefined) return []
  const sections = from.filter((mac) => mac !== to).map(keptSection)
  return sections
    .filter((section) => tree.entry(`${DIRECTORY}/${section}`)?.kind === 'directory')
    .map((section) => gone({ section }, purpose))
}

/** Settings are found by the MAC: without a new file they go where the new one is looked for, less what DHCP had for the old one. */
function moved(
  tree: GuestTree,
  kept: Service & { readonly mac: string },
  { from, to }: MacChange,
  purpose: { readonly operation: string; readonly summary: string },
): { changes: Change[]; notices: Notice[] } {
  if (kept.mac === to || !from.includes(kept.mac)) return { changes: [], notices: [] }
  if (to === undefined) {
    const message = `${kept.path} is kept by the old MAC address, and the new one is not known before power-on.`
    return {
      changes: [],
      notices: [{ code: 'mac-pin-left', message, hint: 'Use --mac new, which moves it.' }],
    }
  }
  const section = keptSection(to)
  const text = (tree.text(kept.path) ?? '').replaceAll(kept.section, section).replace(LEASED, '')
  return {
    changes: [
      ...textChange(tree, `${DIRECTORY}/${section}/settings`, text, purpose, MADE),
      gone(kept, purpose),
    ],
    notices: [],
  }
}

function gone(
  { section }: Pick<Service, 'section'>,
  purpose: { readonly operation: string; readonly summary: string },
): Change {
  return { at: 'guest', kind: 'remove', path: `${DIRECTORY}/${section}`, tree: true, ...purpose }
}

function refuseOtherRoot(tree: GuestTree): void {
  const root = iniEntries(parseIni(tree.text(MAIN) ?? '', KEY_FILE)).findLast(
    ({ key }) => key === 'StorageRoot',
  )?.value
  if (!root || root.replace(/\/+$/, '') === DIRECTORY) return
  throw new VmcloneError('NETWORK_UNSUPPORTED', `${MAIN} has ConnMan keep its files in ${root}`, {
    hint: `Take StorageRoot out in the template, so that they are in ${DIRECTORY}.`,
  })
}

function notSingle({ path }: Service): Notice {
  return {
    code: 'match-not-single',
    message: `${path} fits every ethernet device, and each that is there takes the address.`,
    hint: 'Give the service a MAC= or DeviceName= if the clone has several.',
  }
}

function keptSix(path: string, name: string, now: NicAddressing, { ipv4, ipv6 }: NicAddressing): Notice[] {
  return now.ipv6 && ipv4 && !ipv6 ? [keptIpv6(path, name, now.ipv6)] : []
}

function set(service: Service, key: string, value: string | undefined, after: readonly string[]): Service {
  const { section, document } = service
  const ours = (one: { section: string; key: string }) => one.section === section && one.key === key
  const next =
    value === undefined
      ? replaceEntries(document, ours, [], 0)
      : setValue(document, [section], key, value, after)
  return { ...service, document: next }
}
