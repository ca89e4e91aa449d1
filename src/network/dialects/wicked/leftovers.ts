import { splitLines } from '../../../formats/lines.ts'
import type { GuestTree } from '../../../guest/tree.ts'
import type { Notice } from '../../../notices.ts'
import type { NicAddressing } from '../../model.ts'
import { extraAddress, keptIpv6, oldValueLeft, staleAddress } from '../../stale.ts'
import { ROUTES, routesFile, type WickedFile } from './files.ts'
import { ipv4Of, ipv6Of } from './profiles.ts'
import { addressesOf, isDhcp } from './read.ts'
import { defaultRoute } from './routes.ts'

/** What stays in the configuration although the clone has it from its template. `file` is as it was. */
export function leftovers(
  tree: GuestTree,
  file: WickedFile,
  files: readonly WickedFile[],
  { ipv4, ipv6 }: NicAddressing,
): Notice[] {
  if (!ipv4) return []
  const [, ...further] = addressesOf(file).filter(({ family }) => family === 4)
  const kept = ipv4.method === 'dhcp' || isDhcp(file) ? [] : further
  const now = ipv4Of(tree, file, files)
  const old = now?.method === 'static' ? now : undefined
  const own6 = ipv6Of(tree, file, files)
  return [
    ...kept.map(({ address, prefix }) => extraAddress(file.path, file.suffix, `${address}/${prefix ?? '?'}`)),
    ...(own6 && !ipv6 ? [keptIpv6(file.path, file.suffix, own6)] : []),
    ...[routesFile(file), ROUTES].flatMap((path) =>
      splitLines(tree.text(path) ?? '').flatMap(({ text }, i) => {
        if (/^\s*(#|$)/.test(text) || defaultRoute(text)) return []
        const stale = staleAddress(text, old, ipv4)
        return stale === undefined ? [] : [oldValueLeft(`${path}:${i + 1}`, stale)]
      }),
    ),
  ]
}
