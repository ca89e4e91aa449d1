import { editLines } from '../formats/lines.ts'
import type { GuestNode, GuestTree } from '../guest/tree.ts'
import type { Identity } from '../identity/identity.ts'
import type { MacChange } from '../network/model.ts'
import type { Notice } from '../notices.ts'
import type { Change } from '../transaction/change.ts'
import { filesMatching, rewrite } from './edit.ts'
import { KERNEL_ARGUMENT_READS } from './kernel-arguments.ts'
import { holdsMac, overridingMacs, replaceMac, unpinLink, unpinRule } from './mac-pins.ts'
import { bootArguments } from './network-arguments.ts'
import type { Operation } from './operation.ts'

const operation = 'nic-names'
const RULES = ['/etc/udev/rules.d/*.rules']
const LINKS = ['/etc/systemd/network/*.link', '/etc/systemd/network/*.link.d/*.conf']
const TABLES = ['/etc/iftab', '/etc/mactab']
const PINS = [...RULES, ...LINKS, ...TABLES]
const INITRAMFS = ['/boot/initrd.img-*', '/boot/initramfs-*']

export const nicNames: Operation = {
  name: operation,
  heading: 'Let network interfaces keep their names under the new MAC address',
  description:
    'Where udev rules, systemd .link files or interface tables tie an interface name to the old MAC address, the new address takes its place. With --mac vmware the tie is cut where the name does not depend on it.',
  notes:
    'Network configuration that is tied to a MAC address is changed by the operation network. The initramfs is not rebuilt. Kernel arguments that name the old MAC address or configure an address (ifname=, BOOTIF=, ip=) are reported, not changed.',
  default: true,
  reads: [
    ...PINS,
    ...KERNEL_ARGUMENT_READS,
    ...INITRAMFS.map((path) => ({ path, attributes: true as const })),
  ],
  plan(survey, identity) {
    const { tree } = survey.guest
    const macs = identity.nics
      .map((nic) => nic.macChange)
      .filter(({ from, to }) => from.some((mac) => mac !== to))
    const changes = filesMatching(tree, PINS).flatMap((node) =>
      rewrite(tree, node.path, { operation, summary: summaryOf(macs) }, (text) =>
        withoutOtherNames(edit(node, text, macs), identity),
      ),
    )
    return {
      changes,
      notices: [
        ...left(tree, changes, macs),
        ...overrides(tree, identity),
        ...copies(tree, changes),
        ...bootArguments(tree, identity),
      ],
    }
  },
}

function edit(node: GuestNode, text: string, macs: readonly MacChange[]): string {
  const unpin = node.path.endsWith('.rules') ? unpinRule : isLink(node) ? unpinLink : (same: string) => same
  const freed = macs.reduce((next, mac) => (mac.to === undefined ? unpin(next, mac.from) : next), text)
  return editLines(freed, (line) => (/^\s*[#;]/.test(line) ? line : replaceMac(line, macs)))
}

/**
 * A clone that was booted under an address of VMware's has a rule that gives it a further name (eth1); the name that its
 * network configuration speaks of must be the only one of the new address.
 */
function withoutOtherNames(text: string, { nics }: Identity): string {
  return nics.reduce((now, { profile, macChange: { from, to } }) => {
    const name = profile?.interfaceName
    const given = now.split('\n').filter((line) => to !== undefined && ruleName(line, to) !== undefined)
    if (from.length < 2 || !to || !given.some((line) => ruleName(line, to) === name)) return now
    return editLines(now, (line) => ([undefined, name].includes(ruleName(line, to)) ? line : undefined))
  }, text)
}

/** The name that a udev rule gives to the interface of this address. */
function ruleName(line: string, mac: string): string | undefined {
  if (/^\s*#/.test(line)) return undefined
  const matched = /\bATTRS?\{address\}\s*==\s*"([^"]*)"/.exec(line)?.[1]?.toLowerCase()
  return matched === mac ? /\bNAME\s*:?=\s*"([^"]*)"/.exec(line)?.[1] : undefined
}

function isLink({ path }: GuestNode): boolean {
  return path.startsWith('/etc/systemd/')
}

function summaryOf(macs: readonly MacChange[]): string {
  const to = macs.flatMap((mac) => mac.to ?? [])
  return to.length === 0
    ? 'interface name no longer tied to the old MAC address'
    : `interface name tied to ${to.join(', ')}`
}

function left(tree: GuestTree, changes: readonly Change[], macs: readonly MacChange[]): Notice[] {
  const gone = macs.flatMap(({ from, to }) => (to === undefined ? from : []))
  if (gone.length === 0) return []
  const after = tree.with(changes)
  return filesMatching(after, PINS)
    .filter((node) => holdsMac(after.text(node.path) ?? '', gone))
    .map((node) => ({
      code: 'mac-pin-left',
      message: `${node.path} ties an interface name to the old MAC address, and the new one is not known before power-on.`,
      hint: 'Use --mac new, which writes the new address there, or edit the file by hand.',
    }))
}

function overrides(tree: GuestTree, { nics }: Identity): Notice[] {
  const known = nics.flatMap(({ macChange: { from, to } }) => [...from, ...(to === undefined ? [] : [to])])
  return filesMatching(tree, LINKS).flatMap((node) =>
    overridingMacs(tree.text(node.path) ?? '')
      .filter((mac) => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac) && !known.includes(mac))
      .map((mac) => ({
        code: 'mac-override',
        message: `${node.path} gives its interface the MAC address ${mac}, whatever the .vmx says; every clone has it.`,
        hint: 'Take MACAddress= out of its [Link] section.',
      })),
  )
}

function copies(tree: GuestTree, changes: readonly Change[]): Notice[] {
  const images = filesMatching(tree, INITRAMFS)
  if (changes.length === 0 || images.length === 0) return []
  return [
    {
      code: 'initramfs-copy',
      message: `${changes.map((change) => change.path).join(', ')} may have a copy in the initramfs, which still names the old MAC address.`,
      hint: 'Run `update-initramfs -u` (or `dracut -f`) once in the clone if an interface comes up under another name.',
    },
  ]
}
