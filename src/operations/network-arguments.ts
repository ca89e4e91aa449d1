import type { GuestTree } from '../guest/tree.ts'
import type { Identity } from '../identity/identity.ts'
import type { Notice } from '../notices.ts'
import { addressOf } from './hosts-lines.ts'
import { type KernelArguments, kernelArguments } from './kernel-arguments.ts'

/**
 * Kernel arguments (dracut.cmdline(7)) that name a MAC address which a NIC no longer has, or that give an address at boot
 * which is not the one that is asked for. They go before the guest's own files.
 */
export function bootArguments(tree: GuestTree, { nics }: Identity): Notice[] {
  const old = new Set(nics.flatMap(({ macChange: { from, to } }) => from.filter((mac) => mac !== to)))
  const addressed = nics.filter(({ addressing }) => addressing.ipv4 !== undefined)
  const wanted = addressed.flatMap(({ addressing }) => addressOf(addressing) ?? [])
  const isOld = (word: string): boolean => {
    const mac = /^(?:ifname=[^:]*:|BOOTIF=(?:01-)?)([0-9a-f]{2}(?:[:-][0-9a-f]{2}){5})$/i.exec(word)?.[1]
    if (mac !== undefined) return old.has(mac.toLowerCase().replaceAll('-', ':'))
    const address = /^ip=(\d+\.\d+\.\d+\.\d+)(?::|$)/.exec(word)?.[1]
    return address !== undefined && addressed.length > 0 && !wanted.includes(address)
  }
  const found = tree.recall(readArguments).flatMap(({ path, words }) => {
    const stale = words.filter(isOld)
    return stale.length === 0 ? [] : [{ path, stale }]
  })
  if (found.length === 0) return []
  const said = [...new Set(found.flatMap(({ stale }) => stale))].join(' ')
  return [
    {
      code: 'kernel-cmdline-network',
      message: `The kernel command line has ${said} (${found.map(({ path }) => path).join(', ')}), which is the template's.`,
      hint: 'Correct it there; it goes before the network configuration.',
    },
  ]
}

/** Those that speak of the network. */
function readArguments(tree: GuestTree): KernelArguments[] {
  return kernelArguments(tree).map(({ path, words }) => ({
    path,
    words: words.filter((word) => /^(?:ifname|BOOTIF|ip)=/i.test(word)),
  }))
}
