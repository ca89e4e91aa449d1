import { type IniEntry, iniEntries, KEY_FILE, parseIni } from '../../../formats/ini-document.ts'
import type { GuestRead, GuestTree } from '../../../guest/tree.ts'

const MAIN = '/etc/NetworkManager/NetworkManager.conf'
const DIRECTORIES = ['/usr/lib/NetworkManager/conf.d', '/etc/NetworkManager/conf.d']

export const CONFIG_READS: readonly GuestRead[] = [MAIN, ...DIRECTORIES.map((one) => `${one}/*`)]

/**
 * A value of NetworkManager.conf(5): the vendor's conf.d, then the main file, then /etc's conf.d; a file in /etc hides the
 * vendor's of its name, the last one counts, "key+=" appends.
 */
export function configValue(tree: GuestTree, section: string, key: string): string | undefined {
  let value: string | undefined
  for (const entry of tree.recall(readEntries)) {
    if (entry.section !== section) continue
    if (entry.key === key) value = entry.value
    else if (entry.key === `${key}+`) value = [value, entry.value].filter(Boolean).join(',')
  }
  return value
}

/** The entries of all files, those that count last behind the others. */
function readEntries(tree: GuestTree): IniEntry[] {
  const [vendor = [], own = []] = DIRECTORIES.map((one) =>
    tree.glob(`${one}/*.conf`).map((node) => node.path),
  )
  const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
  const hidden = new Set(own.map(nameOf))
  return [...vendor.filter((one) => !hidden.has(nameOf(one))), MAIN, ...own].flatMap((path) =>
    iniEntries(parseIni(tree.text(path) ?? '', KEY_FILE)),
  )
}

/** True if NetworkManager leaves every ethernet device alone that no other rule gives back to it. */
export function leavesEthernet(tree: GuestTree): boolean {
  const specs = (configValue(tree, 'keyfile', 'unmanaged-devices') ?? '')
    .split(/[,;]/)
    .map((one) => one.trim())
  const all = specs.some((one) => one === '*' || one === 'type:ethernet')
  return all && !specs.some((one) => /^except:(type:ethernet|\*)$/.test(one))
}

/** True if NetworkManager makes a connection of its own for an ethernet device without a profile. */
export function connectsByItself(tree: GuestTree): boolean {
  return !(configValue(tree, 'main', 'no-auto-default') ?? '').split(/[,;]/).some((one) => one.trim() === '*')
}

/** True if the interfaces of /etc/network/interfaces are NetworkManager's too. */
export function takesInterfaces(tree: GuestTree): boolean {
  return /^(1|yes|true|on)$/i.test(configValue(tree, 'ifupdown', 'managed') ?? '')
}
