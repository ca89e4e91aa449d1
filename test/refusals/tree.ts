import { linkSync } from 'node:fs'
import { join } from 'node:path'
import type { Refusal } from '../support/refusal.ts'

/** A guest’s root directory. */
export const TREE: readonly Refusal[] = [
  {
    code: 'TREE_NOT_FOUND',
    when: 'there is none',
    request: (place) => ['tree', join(place.directory, 'mnt')],
    names: ['/mnt'],
  },
  {
    code: 'TREE_NOT_FOUND',
    when: 'it is a file',
    request: (place) => ['tree', place.put('disk.img', '')],
    names: ['disk.img is no directory'],
  },
  {
    code: 'TREE_IS_SYSTEM_ROOT',
    when: 'it is that of this system',
    request: () => ['tree', '/'],
    names: [/^\/ is/],
  },
  {
    code: 'NO_OPERATING_SYSTEM',
    when: 'a part of it is given',
    request: (place) => ['tree', join(place.guest({}), 'etc')],
    names: ['guest/etc'],
    hint: 'etc and usr',
  },
  {
    code: 'GUEST_UNSUPPORTED',
    when: 'it is NixOS',
    request: (place) => ['tree', place.guest({ 'etc/NIXOS': '' }), '--hostname', 'node1'],
    names: ['/etc/nixos/configuration.nix'],
    hint: 'nixos-rebuild',
  },
  {
    code: 'GUEST_PATH_UNSAFE',
    when: 'a file has a name outside too',
    request: (place) => {
      const guest = place.guest({ 'etc/hostname': 'template\n' })
      linkSync(join(guest, 'etc/hostname'), join(place.directory, 'hostname'))
      return ['tree', guest, '--hostname', 'node1']
    },
    names: ['/etc/hostname', 'hard link'],
    hint: 'cp -p',
  },
]
