import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { NicAddressing } from '../../model.ts'
import { extraAddress, keptIpv6, oldValueLeft, staleAddress } from '../../stale.ts'
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
    ...extra.map(({ path, address, prefix }) => extraAddress(path, deviceOf(file), `${address}/${prefix}`)),
    ...(want.ipv4 && !want.ipv6 && ipv6 ? [keptIpv6(file.path, deviceOf(file), ipv6)] : []),
    ...(ifcfgValue(file, 'IPV6ADDR_SECONDARIES') ?? '')
      .split(/\s+/)
      .filter((one) => one !== '' && (want.ipv4 ?? want.ipv6))
      .map((address) => extraAddress(file.path, deviceOf(file), address)),
    ...(want.ipv4 ? routes(tree, file, want) : []),
    ...copies(others, file.reader),
  ]
}

function addressed(file: IfcfgFile) {
  return addressesOf(file).map((one) => ({ ...one, path: file.path }))
}

/** Routes and rules that name the old address, lead through the old subnet, or set a default route besides. */
function routes(tree: GuestTree, file: ActiveFile, { ipv4 }: NicAddressing): Notice[] {
  const [old] = addressesOf(file)
  return ['route', 'rule'].flatMap((kind) => {
    const path = `${SCRIPTS}/${kind}-${deviceOf(file)}`
    const lines = (tree.text(path) ?? '').split('\n').filter((line) => !/^\s*(#|$)/.test(line))
    return lines.flatMap((line, i) => {
      const stale = staleAddress(line, old, ipv4)
      const what = stale ?? (/\bdefault\b|\b0\.0\.0\.0(\/0)?\b/.test(line) ? 'a default route' : undefined)
      if (what === undefined) return []
      return [oldValueLeft(`${path}: entry ${i + 1}`, what)]
    })
  })
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
