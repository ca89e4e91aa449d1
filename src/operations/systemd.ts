import type { GuestRead, GuestTree } from '../guest/tree.ts'

const MANAGERS = ['/usr/lib/systemd/systemd', '/lib/systemd/systemd']

/** What must be read to know whether a guest is run by systemd. */
export const SYSTEMD_READS: readonly GuestRead[] = MANAGERS.map((path) => ({ path, attributes: true }))

/** True if systemd is installed as the guest's init. */
export function hasSystemd(tree: GuestTree): boolean {
  return MANAGERS.some((path) => tree.exists(path))
}
