import { parseOsRelease } from '../../../formats/os-release.ts'
import type { GuestRead, GuestTree } from '../../../guest/tree.ts'

/** The one program of ifupdown-ng; ifup and ifdown are links to it. */
const NG = ['/sbin/ifupdown', '/usr/sbin/ifupdown']

export const VERSION_READS: readonly GuestRead[] = [
  '/etc/debian_version',
  '/etc/os-release',
  '/usr/lib/os-release',
  ...NG.map((path) => ({ path, attributes: true as const })),
]

/** First release whose ifupdown surely takes "address a.b.c.d/nn". */
const SINCE: Readonly<Record<string, number>> = {
  debian: 10,
  devuan: 3,
  alpine: 3.13,
  ubuntu: 20,
  kali: 2020,
}

/** Debian testing names itself after the release to come. */
const TESTING = /^(buster|bullseye|bookworm|trixie|forky|duke|sid)\b/

/** True if the guest's ifupdown is ifupdown-ng (Alpine from 3.13 on). */
export function isNg(tree: GuestTree): boolean {
  return NG.some((path) => tree.exists(path))
}

/** True if "address a.b.c.d/nn" is surely understood by the guest's ifupdown. */
export function knowsCidr(tree: GuestTree): boolean {
  if (isNg(tree)) return true
  const version = tree.text('/etc/debian_version')?.trim() ?? ''
  if (/^\d/.test(version)) return Number.parseInt(version, 10) >= 10
  if (TESTING.test(version)) return true
  const release = parseOsRelease(tree.text('/etc/os-release') ?? tree.text('/usr/lib/os-release') ?? '')
  const id = release.get('ID') ?? ''
  return atLeast(release.get('VERSION_ID') ?? '', String(SINCE[id] ?? Number.POSITIVE_INFINITY))
}

function atLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantMajor = 0, wantMinor = 0] = least.split('.').map(Number)
  return major > wantMajor || (major === wantMajor && minor >= wantMinor)
}
