import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import { keyfile } from '../../src/network/dialects/keyfile.ts'
import type { MacChange, NicAddressing, Profile } from '../../src/network/model.ts'
import { link } from './ifupdown-guest.ts'

export const DIRECTORY = '/etc/NetworkManager/system-connections'
export const UUID = '6b1c3a52-0d0e-4bb4-9f0a-3a1f0c9d2e11'
export const OLD = '00:0c:29:aa:bb:cc'
export const NEW = '00:50:56:12:34:56'
export const MAC: MacChange = { from: [OLD], to: NEW }

export const STATIC = {
  ipv4: { method: 'static', address: '10.0.0.5', prefix: 24, gateway: '10.0.0.1' },
} as const satisfies NicAddressing

/** A profile's file as NetworkManager wants it: 0600. */
export function profileFile(name: string, text: string, more: Partial<GuestNode> = {}): GuestNode {
  return guestFile(`${DIRECTORY}/${name}`, text, { mode: 0o600, ...more })
}

/** A profile like NetworkManager writes, with these groups behind. */
export function ethernet(groups: string, connection = 'interface-name=ens33'): string {
  return `[connection]\nid=ens33\nuuid=${UUID}\ntype=ethernet\n${connection}\n\n[ethernet]\n\n${groups}`
}

/** A guest with NetworkManager and these files. */
export function keyfileGuest(...nodes: GuestNode[]): GuestTree {
  return new GuestTree([
    link(
      '/etc/systemd/system/multi-user.target.wants/NetworkManager.service',
      '/usr/lib/systemd/system/NetworkManager.service',
    ),
    guestFile('/usr/lib/systemd/system/NetworkManager.service', ''),
    ...nodes,
  ])
}

/** The profile of this name. */
export function keyfileProfile(tree: GuestTree, name = 'ens33'): Profile {
  const profile = keyfile.profiles(tree).find((one) => one.name === name)
  if (!profile) throw new Error(`no profile ${name}`)
  return profile
}

/** Edits a profile; editing the result in the same way must change nothing. */
export function runKeyfile(
  tree: GuestTree,
  addressing: NicAddressing,
  mac: MacChange = { from: [] },
  name = 'ens33',
) {
  const edit = { profile: keyfileProfile(tree, name), addressing, mac, operation: 'network' }
  const planned = keyfile.edit(tree, edit)
  const after = tree.with(planned.changes)
  const again = keyfile.edit(after, { ...edit, profile: keyfileProfile(after, name) })
  if (again.changes.length > 0) throw new Error(`a second edit changes ${again.changes[0]?.path}`)
  return { ...planned, after, codes: planned.notices.map((notice) => notice.code) }
}
