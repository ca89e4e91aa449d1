import { HostsDocument } from '../formats/hosts.ts'
import type { GuestRead, GuestTree } from '../guest/tree.ts'
import { hostsNaming } from './hosts-block.ts'

/** Stands in guests of the Red Hat family, whose own line, if any, was somebody's wish. */
const RED_HAT = ['/etc/redhat-release', '/etc/fedora-release', '/etc/system-release']
/** Photon has its name on a loopback line. */
export const PHOTON = '/etc/photon-release'

export const OWN_LINE_READS: readonly GuestRead[] = [
  '/etc/nsswitch.conf',
  ...[...RED_HAT, PHOTON].map((path) => ({ path, attributes: true as const })),
]

/** False if the guest's resolver knows its own name without a line in /etc/hosts (nss-myhostname(8)), or its family does without. */
export function wantsOwnLine(tree: GuestTree): boolean {
  if (/^hosts:.*\bmyhostname\b/m.test(tree.text('/etc/nsswitch.conf') ?? '')) return false
  return tree.exists(PHOTON) || !RED_HAT.some((path) => tree.exists(path))
}

/** True if /etc/hosts will have a line with the guest's own name, which is this one now. */
export function hasOwnLine(tree: GuestTree, name: string | undefined): boolean {
  if (wantsOwnLine(tree)) return true
  if (name === undefined) return false
  const lines = HostsDocument.parse(hostsNaming(tree, [name])).entries()
  return lines.some(({ names }) => names.some((word) => word.toLowerCase() === name))
}
