import { parseOsRelease } from '../../../formats/os-release.ts'
import { isMapping, isSequence, type YamlData, yamlAt } from '../../../formats/yaml-spans.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { NetplanFile } from './files.ts'

export const VERSION_READS: readonly string[] = ['/etc/os-release', '/usr/lib/os-release']

/** How a new default route is written. */
export type RouteStyle = 'default' | 'zero' | 'gateway'

/** First release whose netplan knows "to: default" (netplan 0.103). */
const SINCE: Readonly<Record<string, number>> = { ubuntu: 22.04, debian: 12, linuxmint: 21, pop: 22.04 }

/**
 * "to: default" where the guest's netplan knows it, by its release or by its own use of it; else as the guest's files
 * have it: `gateway4`, or a route to 0.0.0.0/0, which every netplan knows.
 */
export function routeStyle(tree: GuestTree, files: readonly NetplanFile[]): RouteStyle {
  const roots = files.map(({ document, root }) => yamlAt(document.data, root) ?? '')
  if (knowsDefault(tree) || roots.some((data) => holds(data, 'to', 'default'))) return 'default'
  return roots.some((data) => holds(data, 'gateway4') || holds(data, 'gateway6')) ? 'gateway' : 'zero'
}

function knowsDefault(tree: GuestTree): boolean {
  const release = parseOsRelease(tree.text('/etc/os-release') ?? tree.text('/usr/lib/os-release') ?? '')
  const since = SINCE[release.get('ID') ?? '']
  const version = release.get('VERSION_ID')
  // Debian's testing has no number.
  if (version === undefined) return release.get('ID') === 'debian'
  return since !== undefined && Number.parseFloat(version) >= since
}

function holds(data: YamlData, key: string, text?: string): boolean {
  if (isSequence(data)) return data.some((one) => holds(one, key, text))
  if (!isMapping(data)) return false
  const own = data.get(key)
  if (own !== undefined && (text === undefined || own === text)) return true
  return [...data.values()].some((one) => holds(one, key, text))
}
