import { expect } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import { ifcfg } from '../../src/network/dialects/ifcfg.ts'
import type { MacChange, NicAddressing, Profile } from '../../src/network/model.ts'
import { link } from './ifupdown-guest.ts'

const DIRECTORY = '/etc/sysconfig/network-scripts'

/** A file below network-scripts. */
export function script(name: string, text: string): GuestNode {
  return guestFile(`${DIRECTORY}/${name}`, text)
}

/** The services of a guest: the network scripts of SysV, or NetworkManager with the plugin for ifcfg files. */
export const READERS: Readonly<Record<'scripts' | 'NetworkManager', readonly GuestNode[]>> = {
  scripts: [
    guestFile('/etc/rc.d/init.d/network', ''),
    link('/etc/rc.d/rc3.d/S10network', '../init.d/network'),
  ],
  NetworkManager: [
    link(
      '/etc/systemd/system/multi-user.target.wants/NetworkManager.service',
      '/usr/lib/systemd/system/NetworkManager.service',
    ),
    guestFile('/usr/lib64/NetworkManager/1.18.8-2.el7_9/libnm-settings-plugin-ifcfg-rh.so', ''),
  ],
}

/** A guest whose ifcfg-eth0 has this text. */
export function ifcfgGuest(
  text: string,
  reader: keyof typeof READERS = 'NetworkManager',
  more: readonly GuestNode[] = [],
): GuestTree {
  return new GuestTree([script('ifcfg-eth0', text), ...READERS[reader], ...more])
}

export const NEW_MAC: MacChange = { from: ['00:0c:29:aa:bb:01'], to: '00:50:56:00:00:01' }

export function profileOf(tree: GuestTree, name = 'eth0'): Profile {
  const profile = ifcfg.profiles(tree).find((one) => one.name === name)
  if (!profile) throw new Error(`no profile ${name}`)
  return profile
}

/** Text of a file below network-scripts. */
export function textOf(tree: GuestTree, name = 'ifcfg-eth0'): string {
  return tree.text(`${DIRECTORY}/${name}`) ?? ''
}

/** Edits a profile; editing it again must change nothing. */
export function run(
  tree: GuestTree,
  addressing: NicAddressing,
  { mac = { from: [] } as MacChange, name = 'eth0' } = {},
) {
  const edit = { profile: profileOf(tree, name), addressing, mac, operation: 'network' }
  const planned = ifcfg.edit(tree, edit)
  const after = tree.with(planned.changes)
  expect(ifcfg.edit(after, { ...edit, profile: profileOf(after, name) }).changes).toEqual([])
  return {
    ...planned,
    after,
    text: textOf(after, `ifcfg-${name}`),
    now: profileOf(after, name).now,
    codes: planned.notices.map((notice) => notice.code),
  }
}

export const STATIC: NicAddressing = {
  ipv4: { method: 'static', address: '192.168.8.12', prefix: 24, gateway: '192.168.8.2' },
}
