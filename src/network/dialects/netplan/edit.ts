import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { ProfileEdit } from '../../dialect.ts'
import type { MacChange, NicAddressing } from '../../model.ts'
import { addressingSummary } from '../../summary.ts'
import { editIpv4, editIpv6 } from './address.ts'
import { editDns } from './dns.ts'
import { Draft } from './draft.ts'
import { collectFiles } from './files.ts'
import { leftovers } from './leftovers.ts'
import { editMac, editOld } from './mac.ts'
import { type RouteStyle, routeStyle } from './version.ts'

/** The changes that give an interface its addressing and MAC in every file that speaks of it. Throws YAML_UNEDITABLE. */
export function editProfile(tree: GuestTree, edit: ProfileEdit): { changes: Change[]; notices: Notice[] } {
  const { profile, addressing, mac, others = [], operation } = edit
  const files = collectFiles(tree)
  const draft = new Draft(files)
  const key = String(profile.at)
  const before = draft.find(key)
  const notices = [
    ...editDefinition(draft, key, addressing, mac, routeStyle(tree, files)),
    ...others.flatMap((other) => editOld(draft, other)),
  ]
  return {
    changes: draft.changes(tree, operation, addressingSummary(profile.name, addressing)),
    notices: [...notices, ...leftovers(draft, before, key, addressing)],
  }
}

/** Gives one definition its addressing and MAC. */
export function editDefinition(
  draft: Draft,
  key: string,
  { ipv4, ipv6, ...names }: NicAddressing,
  mac: MacChange,
  style: RouteStyle,
): Notice[] {
  const notices = editMac(draft, key, mac)
  if (ipv4) editIpv4(draft, key, ipv4, style)
  if (ipv6) editIpv6(draft, key, ipv6, style)
  editDns(draft, key, names)
  return notices
}
