import { removeOptions, setOption } from '../../../formats/interfaces-edit.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { ProfileEdit } from '../../dialect.ts'
import type { MacChange, NicAddressing } from '../../model.ts'
import { addressingSummary } from '../../summary.ts'
import { type AddressStyle, addIpv4, editIpv4, editIpv6, styleOf } from './address.ts'
import { editDns } from './dns.ts'
import { Draft } from './draft.ts'
import { leftovers } from './leftovers.ts'
import { ipv4Of, refuseTwoRoutes, stanzasFor } from './read.ts'
import { collectFiles } from './sources.ts'
import { optionValue, refuseIndirection } from './stanzas.ts'
import { isNg, knowsCidr } from './version.ts'

/**
 * The changes that give an interface its addressing and take old MACs out of its stanzas.
 * Throws NETWORK_UNSUPPORTED and NETWORK_CONFLICT where it is not sure which stanza is in force.
 */
export function editProfile(tree: GuestTree, edit: ProfileEdit): { changes: Change[]; notices: Notice[] } {
  const { profile, addressing, mac, others = [], operation } = edit
  const files = collectFiles(tree)
  const draft = new Draft(files)
  const before = stanzasFor(draft.stanzas(), profile.name)
  const asked = Object.values(addressing).some((part) => part !== undefined)
  if (asked) {
    refuseIndirection(files, profile.name, isNg(tree))
    refuseTwoRoutes(before)
  }
  editMac(draft, mac, profile.name)
  for (const other of others) editMac(draft, other)
  const dns = editAddressing(tree, draft, profile.name, addressing, operation)
  const notices = asked ? leftovers(before, draft, addressing, mac) : []
  return {
    changes: [...draft.changes(tree, operation, addressingSummary(profile.name, addressing)), ...dns.changes],
    notices: [...notices, ...dns.notices],
  }
}

function editAddressing(
  tree: GuestTree,
  draft: Draft,
  name: string,
  want: NicAddressing,
  operation: string,
): { changes: Change[]; notices: Notice[] } {
  const own = () => stanzasFor(draft.stanzas(), name)
  if (want.ipv4) {
    const { inet, all } = own()
    const style = newStyle(tree, draft)
    if (inet) editIpv4(draft, inet, want.ipv4, style)
    else if (all[0]) addIpv4(draft, all[0], want.ipv4, style)
  }
  const { inet, inet6 } = own()
  const carrier = inet ?? inet6
  const dns = carrier ? editDns(tree, draft, carrier, want, operation) : { changes: [], notices: [] }
  if (want.ipv6) {
    const { inet: beside, inet6: edited, all } = own()
    const neighbour = beside ?? all[0]
    if (neighbour) editIpv6(draft, edited, neighbour, want.ipv6)
  }
  return dns
}

/** How the guest's other static stanzas write addresses; without any, what its ifupdown surely understands. */
function newStyle(tree: GuestTree, draft: Draft): AddressStyle {
  const shown = draft
    .stanzas()
    .filter((stanza) => ipv4Of(stanza)?.method === 'static')
    .map(styleOf)
    .find((style) => style !== undefined)
  return shown ?? (knowsCidr(tree) ? 'cidr' : 'netmask')
}

/**
 * `hwaddress` outdoes the adapter's own address: in the stanzas of `name` it follows a new MAC, or goes; so does the
 * old MAC in any stanza, such as a bond's port. "random" stays.
 */
function editMac(draft: Draft, { from, to }: MacChange, name?: string): void {
  if (from.length === 0 || (to !== undefined && from.includes(to))) return
  for (const stanza of draft.stanzas()) {
    const value = optionValue(stanza, 'hwaddress')
    const written = value?.toLowerCase().replace(/^ether\s+/, '')
    if (value === undefined || written === 'random' || written === to) continue
    if (stanza.name !== name && !from.includes(written ?? '')) continue
    draft.edit(stanza, (document, ordinal) =>
      to === undefined
        ? removeOptions(document, ordinal, ['hwaddress'])
        : setOption(document, ordinal, 'hwaddress', /^ether\s/.test(value) ? `ether ${to}` : to),
    )
  }
}
