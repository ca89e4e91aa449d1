import type { GuestRead, GuestTree } from '../guest/tree.ts'

export const NAME_PIN_READS: readonly GuestRead[] = [
  '/etc/udev/rules.d/*.rules',
  '/etc/systemd/network/*.link',
]

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/

/** Interface names that udev rules and .link files give to a MAC (lower case): name → MAC. */
export function namePins(tree: GuestTree): ReadonlyMap<string, string> {
  return tree.recall(readPins)
}

function readPins(tree: GuestTree): ReadonlyMap<string, string> {
  const pins = new Map<string, string>()
  const add = (name: string | undefined, mac: string | undefined) => {
    const canonical = mac?.toLowerCase().replaceAll('-', ':') ?? ''
    if (name !== undefined && MAC.test(canonical)) pins.set(name, canonical)
  }
  for (const { path } of tree.glob('/etc/udev/rules.d/*.rules'))
    for (const line of (tree.text(path) ?? '').split('\n')) {
      if (/^\s*#/.test(line)) continue
      const mac = /\b(?:ATTRS?|SYSFS)\{address\}\s*==\s*"([^"]*)"/.exec(line)?.[1]
      add(/\bNAME\s*:?=\s*"([^"]*)"/.exec(line)?.[1], mac)
    }
  for (const { path } of tree.glob('/etc/systemd/network/*.link')) {
    const text = tree.text(path) ?? ''
    const mac = /^\[Match\][^[]*?^(?:Permanent)?MACAddress\s*=\s*(\S+)\s*$/m.exec(text)?.[1]
    add(/^\[Link\][^[]*?^Name\s*=\s*(\S+)\s*$/m.exec(text)?.[1], mac)
  }
  return pins
}
