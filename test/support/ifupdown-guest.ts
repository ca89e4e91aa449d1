import { readFileSync } from 'node:fs'
import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'

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
