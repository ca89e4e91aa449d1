import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import { ifupdown } from '../../src/network/dialects/ifupdown.ts'
import type { MacChange, NicAddressing, Profile } from '../../src/network/model.ts'

/** A fixture of fixtures/interfaces as byte text. */
export function interfacesFixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/interfaces/${name}`, import.meta.url), 'latin1')
}

/** A Debian guest with ifupdown and this main file. */
export function ifupdownGuest(text: string, more: readonly GuestNode[] = [], debian = '12.8'): GuestTree {
  return new GuestTree([
    guestFile('/etc/network/interfaces', text),
    guestFile('/etc/debian_version', `${debian}\n`),
    guestFile('/usr/sbin/ifup', ''),
    link(
      '/etc/systemd/system/multi-user.target.wants/networking.service',
      '/lib/systemd/system/networking.service',
    ),
    guestFile('/lib/systemd/system/networking.service', ''),
    guestFile(
      '/etc/resolv.conf',
      '# by hand\noptions timeout:1\nnameserver 192.168.8.2\nsearch lab.example\n',
    ),
    ...more,
  ])
}

export function link(path: string, target: string): GuestNode {
  return { path, kind: 'symlink', mode: 0o777, uid: 0, gid: 0, size: target.length, target }
}

export const MAIN = '/etc/network/interfaces'

export const NO_MAC: MacChange = { from: [] }

export const STATIC: NicAddressing = {
  ipv4: { method: 'static', address: '192.168.8.12', prefix: 24, gateway: '192.168.8.2' },
}

/** The profile of this name. */
export function profileOf(tree: GuestTree, name = 'ens33'): Profile {
  const profile = ifupdown.profiles(tree).find((one) => one.name === name)
  if (!profile) throw new Error(`no profile ${name}`)
  return profile
}

/** Edits a profile; editing it again must change nothing. */
export function run(tree: GuestTree, addressing: NicAddressing, mac = NO_MAC, name = 'ens33') {
  const edit = { profile: profileOf(tree, name), addressing, mac, operation: 'network' }
  const planned = ifupdown.edit(tree, edit)
  const after = tree.with(planned.changes)
  expect(ifupdown.edit(after, { ...edit, profile: profileOf(after, name) }).changes).toEqual([])
  return { ...planned, after, codes: planned.notices.map((notice) => notice.code) }
}
