import type { GuestRead, GuestTree } from './tree.ts'

export const SELINUX_READS: readonly GuestRead[] = [
  '/etc/selinux/config',
  { path: '/usr/sbin/load_policy', attributes: true },
  { path: '/sbin/load_policy', attributes: true },
]

/** Mirrors what the guest's init does: a policy loader is there and the configuration does not say disabled. */
export function usesSelinux(tree: GuestTree): boolean {
  const config = tree.text('/etc/selinux/config')
  const loader = tree.file('/usr/sbin/load_policy') ?? tree.file('/sbin/load_policy')
  return loader !== undefined && config !== undefined && !/^\s*SELINUX\s*=\s*disabled/m.test(config)
}
