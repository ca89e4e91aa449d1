import { expect } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import { netplan } from '../../src/network/dialects/netplan.ts'
import type { MacChange, NicAddressing, Profile } from '../../src/network/model.ts'

export const FILE = '/etc/netplan/50-cloud-init.yaml'

export const NO_MAC: MacChange = { from: [] }

export const STATIC: NicAddressing = {
  ipv4: { method: 'static', address: '192.168.8.12', prefix: 24, gateway: '192.168.8.2' },
  dns: ['192.168.8.2', '1.1.1.1'],
}

export const DHCP: NicAddressing = { ipv4: { method: 'dhcp' } }

/** An Ubuntu guest with netplan and this text in FILE, or these texts in several files. */
export function netplanGuest(
  files: string | Readonly<Record<string, string>>,
  { release = '22.04', more = [] }: { release?: string; more?: readonly GuestNode[] } = {},
): GuestTree {
  const all = typeof files === 'string' ? { [FILE]: files } : files
  return new GuestTree([
    ...Object.entries(all).map(([path, text]) => guestFile(path, text, { mode: 0o600 })),
    guestFile('/usr/sbin/netplan', ''),
    guestFile('/etc/os-release', `ID=ubuntu\nVERSION_ID="${release}"\n`),
    ...more,
  ])
}

export function profileOf(tree: GuestTree, name = 'ens33'): Profile {
  const profile = netplan.profiles(tree).find((one) => one.name === name)
  if (!profile) throw new Error(`no profile ${name}`)
  return profile
}

/** Edits a profile; editing it again must change nothing. */
export function run(tree: GuestTree, addressing: NicAddressing, mac = NO_MAC, name = 'ens33') {
  const edit = { profile: profileOf(tree, name), addressing, mac, operation: 'network' }
  const planned = netplan.edit(tree, edit)
  const after = tree.with(planned.changes)
  const again = netplan.edit(after, { ...edit, profile: profileOf(after, name) }).changes
  expect(after.with(again).text(FILE)).toBe(after.text(FILE))
  expect(again).toEqual([])
  return { ...planned, after, text: after.text(FILE), codes: planned.notices.map((notice) => notice.code) }
}
