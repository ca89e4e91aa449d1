import { fromByteText } from '../../../formats/bytes.ts'
import { printIni } from '../../../formats/ini-document.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { Change } from '../../../transaction/change.ts'
import type { ProfileEdit } from '../../dialect.ts'
import type { NicAddressing } from '../../model.ts'
import { strandedRoutes } from '../../stranded-routes.ts'
import { addressingSummary } from '../../summary.ts'
import { editAddressing } from './address.ts'
import { editResolver, hasResolved } from './dns.ts'
import { Draft } from './draft.ts'
import { ETC, filesOf, type NetworkdFile, readUnits, type Unit } from './files.ts'
import { editMac } from './mac.ts'
import { copyForNic, copyOfVendor, ownFile } from './new-file.ts'
import { addressEntries, ipv4Of, keptRoutes } from './read.ts'

/** The changes that give a NIC its addressing and take old MACs out of the files. */
export function editProfile(tree: GuestTree, edit: ProfileEdit): { changes: Change[]; notices: Notice[] } {
  const { profile, addressing, mac, others = [], operation } = edit
  const asked = Object.values(addressing).some((part) => part !== undefined)
  const units = readUnits(tree, '.network')
  const source = units.find((unit) => unit.name === profile.at)
  const own = source && unitFor(tree, units, source, edit, asked)
  const changes: Change[] = []
  const notices: Notice[] = []
  if (own) {
    const draft = new Draft(own)
    if (!own.main.vendor) editMac(draft, mac, !profile.shared || own !== source)
    editAddressing(draft, addressing, hasResolved(tree))
    const summary = addressingSummary(profile.name, addressing)
    changes.push(...write(tree, draft, source, { operation, summary }))
    const resolver = editResolver(tree, profile.name, ipv4Wanted(addressing, draft.unit), operation)
    changes.push(...resolver.changes)
    if (asked) notices.push(...leftovers(own, draft.unit, addressing), ...resolver.notices)
  }
  for (const unit of [...units, ...readUnits(tree, '.netdev')]) {
    if (unit.name === own?.name || filesOf(unit).some((file) => file.vendor)) continue
    const draft = new Draft(unit)
    for (const one of [mac, ...others]) editMac(draft, one, false)
    changes.push(...write(tree, draft, unit, { operation, summary: `MAC address in ${unit.name}` }))
  }
  return { changes, notices }
}

/** The file to edit: the profile's, one for this NIC alone beside it, or one of its name over a vendor's. */
function unitFor(
  tree: GuestTree,
  units: readonly Unit[],
  source: Unit,
  { profile, mac }: ProfileEdit,
  asked: boolean,
): Unit {
  if (profile.shared) return ownFile(units, mac) ?? (asked ? copyForNic(tree, source, mac) : source)
  return source.main.vendor && asked ? copyOfVendor(source) : source
}

/** Where DHCP is in force it brings the name servers; /etc/resolv.conf is then not written. */
function ipv4Wanted(want: NicAddressing, unit: Unit): NicAddressing {
  return ipv4Of(unit)?.method === 'dhcp' && !want.dns && !want.search ? {} : want
}

function write(
  tree: GuestTree,
  draft: Draft,
  source: Unit,
  purpose: { readonly operation: string; readonly summary: string },
): Change[] {
  return filesOf(draft.unit).flatMap(({ path, document }: NetworkdFile): Change[] => {
    const text = printIni(document)
    const before = tree.file(path)?.content
    const change = { at: 'guest', kind: 'write', path, ...purpose, after: fromByteText(text) } as const
    if (before) return text === tree.text(path) ? [] : [{ ...change, before }]
    const { mode, uid, gid } = tree.file(source.main.path) ?? { mode: 0o644, uid: 0, gid: 0 }
    const sibling = tree.glob(`${ETC}/*`).find(({ kind }) => kind === 'file')?.path
    return [
      {
        ...change,
        mode,
        owner: { uid, gid },
        ...(sibling === undefined ? {} : { labelLike: sibling }),
        labelType: 'net_conf_t',
      },
    ]
  })
}

/** What stays although the clone has it from its template. */
function leftovers(before: Unit, after: Unit, want: NicAddressing): Notice[] {
  const further = want.ipv4?.method === 'static' ? addressEntries(after, false).slice(1) : []
  const [six] = want.ipv4 && !want.ipv6 ? addressEntries(before, true) : []
  return [
    ...further.map(({ file, address, prefix }) => ({
      code: 'extra-address-kept' as const,
      message: `${file} keeps its further address ${address}/${prefix}.`,
      hint: 'Take it out of the clone if the template goes on using it.',
    })),
    ...keptRoutes(after).flatMap(({ file, ...route }) =>
      strandedRoutes(file, [route], addressEntries(after, false), want),
    ),
    ...(six
      ? [
          {
            code: 'ipv6-kept' as const,
            message: `${six.file} keeps the IPv6 address ${six.address}/${six.prefix}.`,
            hint: 'Give --ip6 ADDRESS/PREFIX for an address of its own.',
          },
        ]
      : []),
  ]
}
