import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import { inSubnet, parseIpv4 } from '../../ipv4.ts'
import type { NicAddressing } from '../../model.ts'
import { collectFiles, type IfcfgFile, ifcfgValue, isRead, type Reader, SCRIPTS } from './files.ts'
import { type ActiveFile, deviceOf } from './profiles.ts'
import { addressesOf, ipv6Of } from './read.ts'

/** What stays in the configuration although the clone has it from its template. `file` is as it was. */
export function leftovers(
  tree: GuestTree,
  file: ActiveFile,
  global: Parameters<typeof ipv6Of>[1],
  want: NicAddressing,
): Notice[] {
  const others = collectFiles(tree)
  const aliases = others.filter((one) => one.kind === 'alias' && one.suffix.startsWith(`${deviceOf(file)}:`))
  const [, ...further] = want.ipv4?.method === 'dhcp' ? [] : addressesOf(file)
  const extra = want.ipv4
    ? [...further.map((one) => ({ ...one, path: file.path })), ...aliases.flatMap(addressed)]
    : []
  const ipv6 = ipv6Of(file, global)
  return [
    ...extra.map(({ path, address, prefix }) => extraAddress(file, path, `${address}/${prefix}`)),
    ...(want.ipv4 && !want.ipv6 && ipv6 ? [keptIpv6(file, `${ipv6.address}/${ipv6.prefix}`)] : []),
    ...(ifcfgValue(file, 'IPV6ADDR_SECONDARIES') ?? '')
      .split(/\s+/)
      .filter((one) => one !== '' && (want.ipv4 ?? want.ipv6))
      .map((address) => extraAddress(file, file.path, address)),
    ...(want.ipv4 ? routes(tree, file, want) : []),
    ...copies(others, file.reader),
  ]
}

function addressed(file: IfcfgFile) {
  return addressesOf(file).map((one) => ({ ...one, path: file.path }))
}

function extraAddress(file: IfcfgFile, path: string, cidr: string): Notice {
  return {
    code: 'extra-address-kept',
    message: `${path}: ${deviceOf(file)} keeps its further address ${cidr}.`,
    hint: 'Take it out of the clone if the template goes on using it.',
  }
}

function keptIpv6(file: IfcfgFile, cidr: string): Notice {
  return {
    code: 'ipv6-kept',
    message: `${file.path}: ${deviceOf(file)} keeps the IPv6 address ${cidr}.`,
    hint: 'Give --ip6 ADDRESS/PREFIX for an address of its own.',
  }
}

/** Routes and rules that name the old address, lead through the old subnet, or set a default route besides. */
function routes(tree: GuestTree, file: ActiveFile, { ipv4 }: NicAddressing): Notice[] {
  const [old] = addressesOf(file)
  const strange = (address: string) => {
    if (parseIpv4(address) === undefined || !old || (ipv4?.method === 'static' && inSubnet(address, ipv4)))
      return false
    return inSubnet(address, old)
  }
  return ['route', 'rule'].flatMap((kind) => {
    const path = `${SCRIPTS}/${kind}-${deviceOf(file)}`
    const lines = (tree.text(path) ?? '').split('\n').filter((line) => !/^\s*(#|$)/.test(line))
    return lines.flatMap((line, i) => {
      const named = [...line.matchAll(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g)].map(([one]) => one)
      const stale = named.find(
        (one) => strange(one) || (old !== undefined && one === old.address && !keeps(one)),
      )
      const what = stale ?? (/\bdefault\b|\b0\.0\.0\.0(\/0)?\b/.test(line) ? 'a default route' : undefined)
      if (what === undefined) return []
      const message = `${path}: entry ${i + 1} names ${what}; it was left as it is.`
      return [{ code: 'old-value-left', message, hint: 'Correct it by hand if it must follow.' } as const]
    })
  })

  function keeps(address: string): boolean {
    return ipv4?.method === 'static' && ipv4.address === address
  }
}

/** Copies beside the files that their reader takes for configuration. */
function copies(files: readonly IfcfgFile[], reader: Reader): Notice[] {
  return files
    .filter((one) => one.kind === 'copy' && isRead(one.suffix, reader))
    .map((one) => ({
      code: 'copy-read',
      message: `${one.path} looks like a copy, but ${readerName(reader)} read${reader === 'scripts' ? '' : 's'} it as configuration.`,
      hint: 'Move it out of the directory if it is not meant to be in force.',
    }))
}

function readerName(reader: Reader): string {
  return reader === 'scripts' ? 'the network scripts' : reader
}
