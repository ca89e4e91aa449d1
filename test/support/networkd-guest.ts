import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import { networkd } from '../../src/network/dialects/networkd.ts'
import type { MacChange, NicAddressing, Profile } from '../../src/network/model.ts'
import { link } from './ifupdown-guest.ts'

export const ETC = '/etc/systemd/network'

export const wants = (unit: string): GuestNode =>
  link(`/etc/systemd/system/multi-user.target.wants/${unit}`, `/usr/lib/systemd/system/${unit}`)

export const RESOLVED: readonly GuestNode[] = [
  wants('systemd-resolved.service'),
  link('/etc/resolv.conf', '../run/systemd/resolve/stub-resolv.conf'),
]

/** A guest with systemd-networkd and these files: paths, or names below /etc/systemd/network. */
export function networkdGuest(files: Readonly<Record<string, string>>, ...more: GuestNode[]): GuestTree {
  return new GuestTree([
    wants('systemd-networkd.service'),
    guestFile('/usr/lib/systemd/system/systemd-networkd.service', ''),
    ...Object.entries(files).map(([name, text]) =>
      guestFile(name.startsWith('/') ? name : `${ETC}/${name}`, text),
    ),
    ...more,
  ])
}

/** The profile of this name. */
export function networkdProfile(tree: GuestTree, name = 'ens33'): Profile {
  const profile = networkd.profiles(tree).find((one) => one.name === name)
  if (!profile) throw new Error(`no profile ${name}`)
  return profile
}

/** Edits a profile; editing the result in the same way must change nothing. */
export function runNetworkd(
  tree: GuestTree,
  addressing: NicAddressing,
  mac: MacChange = { from: [] },
  name = 'ens33',
) {
  const edit = { profile: networkdProfile(tree, name), addressing, mac, operation: 'network' }
  const planned = networkd.edit(tree, edit)
  const after = tree.with(planned.changes)
  const again = networkd.edit(after, { ...edit, profile: networkdProfile(after, name) })
  if (again.changes.length > 0) throw new Error(`a second edit changes ${again.changes[0]?.path}`)
  return { ...planned, after, codes: planned.notices.map((notice) => notice.code) }
}
